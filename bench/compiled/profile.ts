// node bench/compiled/profile.ts WORK [SECONDS]: which functions of WebAssembly a replay of a compiled step calls, how often, and how long they take.
import { useBackend } from "@pellucid/backends";
import { compile } from "@pellucid/core-train";
import { backend } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { instanceIn } from "../../packages/kernels/src/wasm/module.ts";
import { tokens, works } from "./work.ts";

type Run = (...values: number[]) => number;

/** What a function has taken, in milliseconds. */
interface Taken {
  calls: number;
  time: number;
}

const [name = "mlp-small", seconds = "2"] = process.argv.slice(2);
const taken = new Map<string, Taken>();
let isOn = false;

await useBackend({ only: "wasm" });
const { wasm } = backend() as BackendWasm;
const instance = instanceIn(backend() as BackendWasm);
Reflect.set(instance, "exports", timed(instance.exports));
Reflect.set(wasm, "asm", timed(Reflect.get(wasm, "asm") as object));

const step = await stepOf();
for (let i = 0; i < 30; i++) await step();
isOn = true;
const [before, start] = [process.cpuUsage(), performance.now()];
let steps = 0;
for (; performance.now() - start < 1000 * Number(seconds); steps++) await step();
const { user, system } = process.cpuUsage(before);
isOn = false;

const inCalls = [...taken.values()].reduce((sum, { time }) => sum + time, 0);
const cpu = (user + system) / 1000 / steps;
console.log(
  `${name}: ${steps} steps, ${cpu.toFixed(3)} CPU ms each; wall time in calls ${(inCalls / steps).toFixed(3)} ms`,
);
const byTime = [...taken].toSorted(([, a], [, b]) => b.time - a.time);
for (const [key, { calls, time }] of byTime.slice(0, 24)) {
  const cells = [
    `${Math.round(calls / steps)}`.padStart(6),
    `${((1000 * time) / steps).toFixed(1)} µs`.padStart(12),
  ];
  console.log(`${key.padEnd(28)}${cells.join("")}${((100 * time) / inCalls).toFixed(1).padStart(7)} %`);
}

async function stepOf(): Promise<() => Promise<number>> {
  if (name === "token") return tokens(true);
  const work = works[name]?.();
  if (work === undefined) throw new RangeError(`there is no work ${name}`);
  const compiled = compile(work.step);
  await compiled.ready;
  return () => compiled(...work.inputs);
}

/** The same functions, which note how long they take. */
function timed(exports: object): object {
  return Object.fromEntries(
    Object.entries(exports).map(([key, run]) => [
      key,
      typeof run === "function" ? timedRun(key, run as Run) : (run as unknown),
    ]),
  );
}

function timedRun(key: string, run: Run): Run {
  return (...values) => {
    if (!isOn) return run(...values);
    const begin = performance.now();
    const result = run(...values);
    const own = taken.get(key) ?? { calls: 0, time: 0 };
    own.calls++;
    own.time += performance.now() - begin;
    taken.set(key, own);
    return result;
  };
}
