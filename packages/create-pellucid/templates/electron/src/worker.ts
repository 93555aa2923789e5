import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { Accuracy, adam, batches, crossEntropy, evaluate, fit, Rng, saveWeights } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import type { FromWorker, ToWorker } from "./messages.ts";

const say = (message: FromWorker): void => postMessage(message);
let stop = new AbortController();

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "stop") stop.abort();
  else train(data.epochs).catch((error: unknown) => say({ kind: "failed", message: String(error) }));
});

/** Trains on 1,347 handwritten digits until all epochs are done or the page says stop, and measures on 450 unseen ones. */
async function train(epochs: number): Promise<void> {
  stop = new AbortController();
  const { chosen } = await useBackend(); // in a worker too: WebGPU where there is one, else WebAssembly
  const { train, test } = await digits();
  const rng = new Rng(0);
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  const options = { loss: crossEntropy, optimizer: adam(), epochs, signal: stop.signal };
  for await (const event of fit(model, data, options)) {
    if (event.kind !== "step") continue;
    say({ kind: "progress", share: event.step / (epochs * (event.batches ?? 1)), loss: event.loss });
  }
  const unseen = batches(toFloatImages(test), { size: 450 });
  const { metrics } = await evaluate(model, unseen, {
    loss: crossEntropy,
    metrics: { accuracy: new Accuracy() },
  });
  const weights = await saveWeights(model); // the bytes of a safetensors file
  say({ kind: "done", backend: chosen, accuracy: metrics["accuracy"] ?? 0, weights });
}
