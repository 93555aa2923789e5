// Trains, saves the weights in PyTorch's format, reads them back, and predicts.
import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { loadWeights, Rng, saveWeights, softmax, withoutInit } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";
import { train } from "./train.ts";

const { chosen } = await useBackend(); // the best backend that can train here
console.log(`Training on ${chosen}, in Deno ${Deno.version.deno}.`);
const { model, accuracy } = await train();
console.log(`accuracy ${accuracy.toFixed(3)} on 450 unseen digits`);

await Deno.writeFile("model.safetensors", await saveWeights(model));
const saved = withoutInit(() => new DigitsCnn({ rng: new Rng(0) })); // the file fills it
loadWeights(saved, await Deno.readFile("model.safetensors"));

const { images, labels } = toFloatImages((await digits()).test);
const probabilities = tidy(() => {
  const x = tensor4d(images.data.subarray(0, 64 * 5), [5, 8, 8, 1]);
  return softmax(saved.forward(x)); // [5, 10]
});
for (const [i, row] of (await probabilities.array()).entries()) {
  const digit = row.indexOf(Math.max(...row));
  console.log(`a ${labels.data[i]} is seen as ${digit}, with ${(100 * (row[digit] ?? 0)).toFixed(0)} %`);
}
probabilities.dispose();
