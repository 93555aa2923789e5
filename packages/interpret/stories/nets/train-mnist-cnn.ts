// Trains the course notes' net for 28×28 digits (seed 0, 8,000 digits of MNIST, 8 epochs of Adam) and writes mnist-cnn.safetensors next to
// this file. MNIST's files are read from `$PELLUCID_DATA/mnist`, or downloaded:
//   node packages/interpret/stories/nets/train-mnist-cnn.ts
import { useBackend } from "@pellucid/backends";
import { MnistCnn } from "@pellucid/cnn";
import { Accuracy, adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { mnist10k, toFloatImages } from "@pellucid/datasets";

await useBackend({ only: "wasm" });
const root = process.env["PELLUCID_DATA"];
const { train, test } = await mnist10k(root === undefined ? {} : { folder: `${root}/mnist` });
const rng = new Rng(0);
const model = new MnistCnn({ rng });
const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
for await (const event of fit(model, data, {
  loss: crossEntropy,
  optimizer: adam({ learningRate: 2e-3 }),
  epochs: 8,
  logEvery: 50,
  validation: batches(toFloatImages(test), { size: 250 }),
  metrics: { accuracy: new Accuracy() },
})) {
  if (event.kind === "epoch")
    process.stdout.write(
      `epoch ${event.epoch}: loss ${event.loss.toFixed(4)}, accuracy ${event.validation?.metrics["accuracy"]}, ${event.seconds.toFixed(0)} s\n`,
    );
}
await writeWeights(`${import.meta.dirname}/mnist-cnn.safetensors`, model);
