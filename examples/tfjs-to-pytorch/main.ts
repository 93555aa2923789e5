// A model of tfjs-layers is imported, trained on digits by a recipe, and written as PyTorch source with that recipe.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Accuracy, batches, crossEntropy, evaluate, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { fromTfjs, toTorch, trainByRecipe, type TrainRecipe } from "@pellucid/export";
import { type Tensor2D, type Tensor4D, zeros } from "@tensorflow/tfjs-core";

/** Imports, trains, measures, and writes the files of PyTorch. */
export async function main({ steps = 400 } = {}) {
  const file = (name: string) => readFile(new URL(name, import.meta.url));
  const json = (await file("model.json")).toString();
  const weights = new Uint8Array(await file("weights.bin")).buffer;
  const model = fromTfjs<Tensor4D, Tensor2D>(json, weights, { rng: new Rng(0) });
  const { train, test } = await digits();
  const { images, labels } = toFloatImages(train);
  const recipe: TrainRecipe = {
    data: { input: images, target: labels },
    loss: "crossEntropy",
    optimizer: { name: "adamw", learningRate: 3e-3 },
    batchSize: 64,
    steps,
  };
  const files = await toTorch(model, [zeros([1, 8, 8, 1])], { train: recipe });
  const losses: number[] = [];
  for await (const loss of trainByRecipe(model, recipe)) losses.push(loss);
  const unseen = batches(toFloatImages(test), { size: 450 });
  const { metrics } = await evaluate(model, unseen, {
    loss: crossEntropy,
    metrics: { accuracy: new Accuracy() },
  });
  model.dispose();
  return { files, losses, accuracy: metrics["accuracy"] ?? 0 };
}

if (import.meta.main) {
  await useBackend();
  const { files, losses, accuracy } = await main();
  await mkdir("pytorch", { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join("pytorch", name), content);
  console.log(`Loss ${losses[0]?.toFixed(3)}, at the end ${losses.at(-1)?.toFixed(3)}.`);
  console.log(`${(100 * accuracy).toFixed(1)} % of 450 unseen digits are right.`);
  console.log("`python train.py` in the folder pytorch prints the same losses.");
}
