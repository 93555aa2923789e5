// Trains the net of colored shapes (seed 0, 3,000 drawn pictures, 8 epochs of Adam) and writes shapes-net.safetensors next to this file:
//   node packages/interpret/stories/nets/train-shapes-net.ts
import { useBackend } from "@pellucid/backends";
import { Accuracy, adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { shapes, ShapesNet } from "./shapes-net.ts";

await useBackend({ only: "wasm" });
const { train, test } = shapes(3000, 600);
const rng = new Rng(0);
const model = new ShapesNet({ rng });
const data = batches(train.load(), { size: 32, shuffle: true, rng });
for await (const event of fit(model, data, {
  loss: crossEntropy,
  optimizer: adam({ learningRate: 3e-3, weightDecay: 1e-4 }),
  epochs: 8,
  logEvery: 50,
  validation: batches(test.load(), { size: 100 }),
  metrics: { accuracy: new Accuracy() },
})) {
  if (event.kind === "epoch")
    process.stdout.write(
      `epoch ${event.epoch}: loss ${event.loss.toFixed(4)}, accuracy ${event.validation?.metrics["accuracy"]}, ${event.seconds.toFixed(0)} s\n`,
    );
}
await writeWeights(`${import.meta.dirname}/shapes-net.safetensors`, model);
