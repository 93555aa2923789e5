// Trains the vision transformer of the digits as examples/digits-vit does (seed 0, 30 epochs on WASM) and writes digits-vit.safetensors next to this file:
//   node packages/interpret/stories/nets/train-digits-vit.ts
// 423 of 450 unseen digits are right (94.0 %).
import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { main } from "../../../../examples/digits-vit/main.ts";

await useBackend({ only: "wasm" });
const { model, metrics } = await main();
process.stdout.write(`accuracy ${metrics["accuracy"]}\n`);
await writeWeights(`${import.meta.dirname}/digits-vit.safetensors`, model);
