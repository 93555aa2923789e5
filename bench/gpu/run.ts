// node bench/gpu/run.ts [--minutes 8] [--out FILE] [--torch step.py] [--works mlp,gpt] [--sizes 256,1024] [--stride 4]: on a machine with a GPU, what Pellucid computes on WebGPU and what it
// takes, next to TensorFlow for Node and PyTorch where they are there. It needs no network, and writes JSON, also of what there was no time for.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { findBackend, setBackend } from "@tensorflow/tfjs-core";
import { dispatches, type HasTime, matrix, product, type Row, steps } from "./rows.ts";
import { torchHere, torchSteps } from "./torch.ts";

const { values: options } = parseArgs({
  options: {
    gpu: { type: "boolean" },
    minutes: { type: "string", default: "8" },
    out: { type: "string", default: "gpu.json" },
    torch: { type: "string", default: join(import.meta.dirname, "../compiled/step.py") },
    works: { type: "string", default: "mlp-small,mlp,mnist,gpt-small,gpt,lstm,resnet" },
    sizes: { type: "string", default: "256,1024,4096" },
    stride: { type: "string", default: "4" },
  },
});
const start = performance.now();
const end = start + 60_000 * Number(options.minutes);
const works = options.works.split(",").filter((name) => name !== "");
const sizes = options.sizes.split(",").filter((size) => size !== "");
const results: Record<string, Row> = {};
const skipped: string[] = [];

const { facts } = await useBackend({ only: "webgpu" });
const torch = torchHere();

const tensorflow = await tensorflowHere();
await setBackend("webgpu");

const rows: (readonly [row: string, run: (hasTime: HasTime) => Promise<Row>])[] = [
  ["WebGPU: the host's part of an op", dispatches],
  ...sizes.map((size) => [`WebGPU: product ${size}`, (own: HasTime) => product(Number(size), own)] as const),
  ["WebGPU: ops and gradients", (own) => matrix(Number(options.stride), own)],
];
for (const name of works) {
  rows.push([`WebGPU: ${name}`, (own) => steps(name, own)]);
  if (torch !== null)
    rows.push([`PyTorch, fused Adam: ${name}`, (own) => torchSteps(options.torch, name, torch.device, own)]);
  if (tensorflow !== null) rows.push([`TensorFlow for Node: ${name}`, (own) => onTensorflow(name, own)]);
}

for (const [i, [row, run]] of rows.entries()) {
  const now = performance.now();
  const until = now + (end - now) / (rows.length - i); // an equal part of the time that is left
  if (now > end) {
    skipped.push(row);
    continue;
  }
  try {
    results[row] = await run(() => performance.now() < until);
  } catch (error) {
    results[row] = { error: String(error) };
  }
  console.log(row, JSON.stringify(results[row]).slice(0, 160));
}

mkdirSync(dirname(options.out), { recursive: true });
const seconds = (performance.now() - start) / 1000;
const report = { date: new Date().toISOString(), node: process.version, facts, torch, tensorflow, seconds };
writeFileSync(options.out, `${JSON.stringify({ ...report, results, skipped }, null, 2)}\n`);
console.log(
  `${Object.keys(results).length} rows in ${seconds.toFixed(0)} s, ${skipped.length} skipped: ${options.out}`,
);
process.exit(0); // Dawn's device keeps a process alive

async function onTensorflow(name: string, hasTime: HasTime): Promise<Row> {
  await setBackend("tensorflow");
  try {
    return await steps(name, hasTime);
  } finally {
    await setBackend("webgpu");
  }
}

/** The package of TensorFlow for Node that is installed, the one for GPUs first. */
async function tensorflowHere(): Promise<string | null> {
  for (const name of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    try {
      await import(name);
      if (findBackend("tensorflow") !== null) return name;
    } catch {
      // it is not there
    }
  }
  return null;
}
