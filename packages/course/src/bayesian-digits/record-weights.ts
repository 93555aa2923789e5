// Trains the network of the page (seed 0, 40 epochs) and writes bayesian-digits.safetensors next to this file:
//   node packages/course/src/bayesian-digits/record-weights.ts
import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { train } from "./program.ts";

await useBackend({ only: "wasm" });
await writeWeights(`${import.meta.dirname}/bayesian-digits.safetensors`, await train(40));
