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

export interface TrainOptions {
  readonly epochs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FitEvent) => void;
}

/** Trains a small convolutional net on 1,347 handwritten digits, and measures it on 450 that it has not seen. */
export async function train({ epochs = 12, signal, onEvent }: TrainOptions = {}) {
  const { train, test } = await digits();
  const rng = new Rng(0); // the same seed, the same run
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  const options = { loss: crossEntropy, optimizer: adam(), epochs, ...(signal && { signal }) };
  for await (const event of fit(model, data, options)) onEvent?.(event);

  const unseen = batches(toFloatImages(test), { size: 450 });
  const { metrics } = await evaluate(model, unseen, {
    loss: crossEntropy,
    metrics: { accuracy: new Accuracy() },
  });
  return { model, accuracy: metrics["accuracy"] ?? 0 };
}
