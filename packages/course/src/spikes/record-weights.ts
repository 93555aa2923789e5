// Trains the two networks of the page (seed 0, 15 epochs each) and writes rate.safetensors and latency.safetensors next to this file:
//   node packages/course/src/spikes/record-weights.ts
import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { train } from "./program.ts";

await useBackend({ only: "wasm" });
for (const code of ["rate", "latency"] as const)
  await writeWeights(`${import.meta.dirname}/${code}.safetensors`, await train(code, 15));
