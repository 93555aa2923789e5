// Trains the network of the page (seed 0, 16 epochs) and writes unet.safetensors next to this file:
//   node packages/course/src/segmentation/record-weights.ts
import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { train } from "./program.ts";

await useBackend({ only: "wasm" });
await writeWeights(`${import.meta.dirname}/unet.safetensors`, await train(16));
