import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Step } from "../contestant.ts";

let used = 0;

/** PyTorch in a process of its own. @param backend which work and optimizer, and how many threads: `"mlp fused 2"` */
export async function prepare(backend: string): Promise<Step> {
  const python = spawn("python3", [`${import.meta.dirname}/step.py`, ...backend.split(" ")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  process.on("exit", () => python.kill());
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  return async () => {
    python.stdin.write("\n");
    const { value = "" } = (await lines.next()) as { value?: string };
    const [loss = NaN, cpu = 0] = value.split(" ").map(Number);
    used += cpu;
    return loss;
  };
}

/** Milliseconds of that process in all steps. */
export const cpuElsewhere = (): number => used;
