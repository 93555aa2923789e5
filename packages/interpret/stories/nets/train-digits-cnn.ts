// Trains the digits net as examples/digits-cnn does (seed 0, 20 epochs on CPU or WASM) and writes digits-cnn.safetensors next to this file:
//   node packages/interpret/stories/nets/train-digits-cnn.ts
// 440 of 450 unseen digits are right (97.8 %).
import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { main } from "../../../../examples/digits-cnn/main.ts";

await useBackend({ only: "wasm" });
const { model, metrics } = await main();
process.stdout.write(`accuracy ${metrics["accuracy"]}\n`);
await writeWeights(`${import.meta.dirname}/digits-cnn.safetensors`, model);
