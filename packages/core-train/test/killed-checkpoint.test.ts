import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { adam, Linear, Optimizer, Rng, trainable } from "@pellucid/core-train";
import { readCheckpoint } from "@pellucid/core-train/node";
import { afterAll, expect, test } from "vitest";

const program = join(import.meta.dirname, "processes", "checkpoint-loop.ts");
const folder = mkdtempSync(join(tmpdir(), "pellucid-"));
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
afterAll(() => rmSync(folder, { recursive: true }));

test("a process that is killed at any time leaves a whole checkpoint", async () => {
  const run = join(folder, "run");
  mkdirSync(run);
  const path = join(run, "last.safetensors");
  const delays = new Rng(5);
  const partial = () => readdirSync(run).filter((name) => name.includes("partial")).length;
  let interrupted = 0;
  for (let kill = 0; kill < 20; kill++) {
    const child = spawn(process.execPath, [program, path], { env, stdio: ["ignore", "pipe", "ignore"] });
    const [said] = (await Promise.race([once(child.stdout, "data"), once(child, "close")])) as [unknown];
    expect(String(said)).toBe("ready");
    await sleep(delays.uint32() % 60);
    const until = performance.now() + 1000;
    while (kill % 2 === 1 && partial() === 0 && performance.now() < until) await nextTurn(); // every other one while it writes
    child.kill("SIGKILL");
    await once(child, "close");
    expect(partial()).toBeLessThan(2); // the next process cleans up after the previous one
    interrupted += partial();
    const rng = new Rng(1);
    const model = new Linear(32, 256, { rng });
    const optimizer = new Optimizer(adam(), trainable(model));
    const { step } = await readCheckpoint<{ step: number }>(path, { model, optimizer, rng });
    expect(optimizer.state).toMatchObject({ step });
    optimizer.dispose();
    model.dispose();
  }
  expect(interrupted).toBeGreaterThan(0);
}, 240_000);
