// A vision transformer learns the UCI digits, 16 patches of 2 × 2 pixels each.
import { useBackend } from "@pellucid/backends";
import {
  Accuracy,
  adamw,
  batches,
  cosineAnnealingLr,
  crossEntropy,
  evaluate,
  fit,
  type FitEvent,
  linearWarmup,
  Rng,
} from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { digits, toFloatImages } from "@pellucid/datasets";
import { VisionTransformer } from "@pellucid/transformer";

/** Trains and measures; `watch` sees the events. */
export async function main({ epochs = 30, watch = (events: AsyncIterable<FitEvent>) => events } = {}) {
  const { train, test } = await digits();
  const rng = new Rng(0);
  const size = { imageSize: 8, patchSize: 2, inChannels: 1, numClasses: 10 };
  const model = new VisionTransformer({ rng, ...size, numLayers: 3, numHeads: 4, hiddenDim: 32, mlpDim: 64 });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  const validation = batches(toFloatImages(test), { size: 450 });
  const steps = epochs * Math.ceil(train.length / 64);
  const warmup = Math.ceil(steps / 10);
  const falling = cosineAnnealingLr(3e-3, { tMax: steps - warmup });
  const optimizer = adamw({ learningRate: linearWarmup(falling, { steps: warmup }), weightDecay: 0.05 });
  const measure = { loss: crossEntropy, metrics: { accuracy: new Accuracy() } };
  const events = fit(model, data, { ...measure, optimizer, epochs, validation });
  for await (const _ of watch(events));
  return { model, ...(await evaluate(model, validation, measure)) };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const { metrics } = await main({ watch: progressBar });
  console.log(`\n${((metrics["accuracy"] ?? 0) * 100).toFixed(1)} % of 450 unseen digits are right.`);
}
