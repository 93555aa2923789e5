// Trains the net of names (seed 0, 13,374 names, 12 epochs of Adam) and writes name-net.safetensors beside this file:
//   PELLUCID_DATA=… node packages/interpret/stories/nets/train-name-net.ts
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { adam, batches, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { CharacterVocabulary, names, padSequences } from "@pellucid/datasets";
import { argMax, tidy } from "@tensorflow/tfjs-core";
import { countries, NameNet } from "./name-net.ts";

await useBackend({ only: "wasm" });
const root = process.env["PELLUCID_DATA"];
const { train, test } = await names(root === undefined ? {} : { folder: join(root, "names") });
if (train.classes.join() !== countries.join())
  throw new Error(`The countries are ${train.classes.join(", ")}.`);
const ascii = CharacterVocabulary.ascii();
const rng = new Rng(0);
const model = new NameNet({ rng });
const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(model));
const collate = (items: readonly { readonly x: string; readonly y: number }[]) => ({
  ...padSequences(items.map(({ x }) => ascii.encode(x))),
  y: { data: Int32Array.from(items, ({ y }) => y), shape: [items.length] as const },
});
for (let epoch = 1; epoch <= 12; epoch++) {
  for await (const { x, lengths, y } of batches(train, { size: 128, shuffle: true, rng, collate }))
    await trainStep(model, optimizer, () => crossEntropy(model.read(x, lengths), y));
  let right = 0;
  for await (const { x, lengths, y } of batches(test, { size: 256, rng, collate })) {
    const likeliest = tidy(() => argMax(model.read(x, lengths), 1));
    const [found, wanted] = [await likeliest.data(), await y.data()];
    right += found.filter((country, i) => country === wanted[i]).length;
    likeliest.dispose();
  }
  process.stdout.write(`epoch ${epoch}: accuracy ${(right / test.length).toFixed(4)}\n`);
}
await writeWeights(`${import.meta.dirname}/name-net.safetensors`, model);
