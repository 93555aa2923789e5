import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Step } from "./contestant.ts";

let used = 0;

/** PyTorch in a process of its own. @param backend the script and its arguments, which work first: `"vision/vision.py nms"` */
export async function prepare(backend: string): Promise<Step> {
  const [script = "", ...words] = backend.split(" ");
  const python = spawn("python3", [`${import.meta.dirname}/${script}`, ...words], {
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
