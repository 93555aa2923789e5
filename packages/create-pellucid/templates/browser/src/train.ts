import { DigitsCnn } from "@pellucid/cnn";
import { Accuracy, adam, batches, crossEntropy, evaluate, fit, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";

/** Trains a small convolutional net on 1,347 handwritten digits, and measures it on 450 that it has not seen. */
export async function train(onProgress: (share: number, loss: number) => void, epochs = 12) {
  const { train, test } = await digits();
  const rng = new Rng(0); // the same seed, the same run
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  for await (const event of fit(model, data, { loss: crossEntropy, optimizer: adam(), epochs })) {
    if (event.kind === "step") onProgress(event.step / (epochs * (event.batches ?? 1)), event.loss);
  }
  const unseen = batches(toFloatImages(test), { size: 450 });
  const { metrics } = await evaluate(model, unseen, {
    loss: crossEntropy,
    metrics: { accuracy: new Accuracy() },
  });
  return { model, accuracy: metrics["accuracy"] ?? 0 };
}
