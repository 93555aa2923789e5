import { useBackend } from "@pellucid/backends";
import { saveWeights } from "@pellucid/core-train";
import type { FromWorker, ToWorker } from "./messages.ts";
import { train } from "./train.ts";

const say = (message: FromWorker): void => postMessage(message);
let stop = new AbortController();

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "stop") stop.abort();
  else run(data.epochs).catch((error: unknown) => say({ kind: "failed", message: String(error) }));
});

/** Trains until all epochs are done or the page says stop. */
async function run(epochs: number): Promise<void> {
  stop = new AbortController();
  const { chosen } = await useBackend(); // in a worker too: WebGPU where there is one, else WebAssembly
  const { model, accuracy } = await train({
    epochs,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind !== "step") return;
      say({ kind: "progress", share: event.step / (epochs * (event.batches ?? 1)), loss: event.loss });
    },
  });
  const weights = await saveWeights(model); // the bytes of a safetensors file
  say({ kind: "trained", backend: chosen, accuracy, weights });
}
