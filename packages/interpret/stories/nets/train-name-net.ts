// Trains the net of names (seed 0, 13,374 names, 12 epochs of Adam) and writes name-net.safetensors next to this file:
//   PELLUCID_DATA=… node packages/interpret/stories/nets/train-name-net.ts
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Accuracy, adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { CharacterVocabulary, names, padSequences } from "@pellucid/datasets";
import { countries, NameNet } from "./name-net.ts";

await useBackend({ only: "wasm" });
const root = process.env["PELLUCID_DATA"];
const { train, test } = await names(root === undefined ? {} : { folder: join(root, "names") });
if (train.classes.join() !== countries.join())
  throw new Error(`The countries are ${train.classes.join(", ")}.`);
const ascii = CharacterVocabulary.ascii();
const rng = new Rng(0);
const model = new NameNet({ rng });
const collate = (items: readonly { readonly x: string; readonly y: number }[]) => {
  const { x: codes, lengths } = padSequences(items.map(({ x }) => ascii.encode(x)));
  const y = { data: Int32Array.from(items, ({ y }) => y), shape: [items.length] as const };
  return { x: { codes, lengths }, y };
};
for await (const event of fit(model, batches(train, { size: 128, shuffle: true, rng, collate }), {
  loss: crossEntropy,
  optimizer: adam({ learningRate: 3e-3 }),
  epochs: 12,
  validation: batches(test, { size: 256, rng, collate }),
  metrics: { accuracy: new Accuracy() },
})) {
  if (event.kind === "epoch")
    process.stdout.write(
      `epoch ${event.epoch}: accuracy ${event.validation?.metrics["accuracy"]?.toFixed(4)}\n`,
    );
}
await writeWeights(`${import.meta.dirname}/name-net.safetensors`, model);
