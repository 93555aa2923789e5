// Trains a small CNN on the UCI digits, saves it in PyTorch's format, and lets a fresh process read it back.
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
import { progressBar, writeWeights } from "@pellucid/core-train/node";
import { digits, toFloatImages } from "@pellucid/datasets";
import { execFileSync } from "node:child_process";

/** Trains and measures; `watch` sees the events. */
export async function main({ epochs = 20, watch = (events: AsyncIterable<FitEvent>) => events } = {}) {
  const { train, test } = await digits();
  const rng = new Rng(0);
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  const validation = batches(toFloatImages(test), { size: 450 });
  const measure = { loss: crossEntropy, metrics: { accuracy: new Accuracy() } };
  const events = fit(model, data, { ...measure, optimizer: adam(), epochs, validation });
  for await (const _ of watch(events));
  return { model, ...(await evaluate(model, validation, measure)) };
}

if (import.meta.main) {
  const path = process.argv[2] ?? "model.safetensors";
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const { model, metrics } = await main({ watch: progressBar });
  console.log(`\n${((metrics["accuracy"] ?? 0) * 100).toFixed(1)} % of 450 unseen digits are right.`);
  await writeWeights(path, model);
  console.log(`Saved ${path}, which PyTorch loads too. A fresh process reads it back:\n`);
  execFileSync(process.execPath, [`${import.meta.dirname}/predict.ts`, path], { stdio: "inherit" });
}
