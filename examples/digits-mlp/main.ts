// A multilayer perceptron 64–128–10 on the UCI digits: no convolution, and still 97 % right.
import { useBackend } from "@pellucid/backends";
import {
  Accuracy,
  adam,
  batches,
  crossEntropy,
  evaluate,
  fit,
  type FitEvent,
  Flatten,
  Linear,
  ReLU,
  Rng,
  Sequential,
} from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { digits, toFloatImages } from "@pellucid/datasets";

/** Trains for some epochs and returns the share of the test digits that are right. */
export async function main({
  epochs = 60,
  seed = 0,
  watch = (events: AsyncIterable<FitEvent>) => events,
} = {}) {
  const { train, test } = await digits();
  const rng = new Rng(seed);
  const model = new Sequential(
    new Flatten(),
    new Linear(64, 128, { rng }),
    new ReLU(),
    new Linear(128, 10, { rng }),
  );
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  for await (const _ of watch(
    fit(model, data, { loss: crossEntropy, optimizer: adam({ learningRate: 1e-3 }), epochs }),
  ));
  const measure = { loss: crossEntropy, metrics: { accuracy: new Accuracy() } };
  return (await evaluate(model, batches(toFloatImages(test), { size: 450 }), measure)).metrics["accuracy"];
}

if (import.meta.main) {
  await useBackend();
  const accuracy = await main({ watch: progressBar });
  console.log(`${(100 * (accuracy ?? 0)).toFixed(1)} % of 450 unseen digits are right`);
}
