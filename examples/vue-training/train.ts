import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import {
  Accuracy,
  adam,
  batches,
  crossEntropy,
  evaluate,
  fit,
  type FitEvent,
  Rng,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";

/** Trains until all epochs are done or `signal` is aborted, and measures on digits that the net has not seen. */
export async function train(signal: AbortSignal, onEvent: (event: FitEvent) => void, epochs = 12) {
  const { chosen } = await useBackend();
  const { train, test } = await digits();
  const rng = new Rng(0);
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  const options = { loss: crossEntropy, optimizer: adam(), epochs, signal };
  for await (const event of fit(model, data, options)) onEvent(event);
  const unseen = batches(toFloatImages(test), { size: 450 });
  const { metrics } = await evaluate(model, unseen, {
    loss: crossEntropy,
    metrics: { accuracy: new Accuracy() },
  });
  return { model, backend: chosen, accuracy: metrics["accuracy"] ?? 0 };
}
