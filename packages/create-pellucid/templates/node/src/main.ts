// Trains, saves the weights in PyTorch's format, reads them back, and predicts.
import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { predict } from "./predict.ts";
import { train } from "./train.ts";

const { chosen } = await useBackend(); // the best backend that can train here
console.log(`Training on ${chosen}.`);
const { model, accuracy } = await train();
console.log(`accuracy ${accuracy.toFixed(3)} on 450 unseen digits`);

await writeWeights("model.safetensors", model);
for (const { digit, probability, label } of await predict("model.safetensors")) {
  console.log(`a ${label} is seen as ${digit}, with ${(100 * probability).toFixed(0)} %`);
}
