import { useBackend as chooseBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { loadWeights, Rng, softmax, withoutInit } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";
import type { Prediction } from "./app.ts";

/** What a net with these weights sees in an unseen digit; the same on a server and in a browser. */
export async function predict(weights: Uint8Array | ArrayBuffer): Promise<Prediction> {
  const { chosen } = await chooseBackend();
  const model = withoutInit(() => new DigitsCnn({ rng: new Rng(0) }));
  loadWeights(model, weights);
  const { images } = toFloatImages((await digits()).test);
  const probabilities = tidy(() => {
    const x = tensor4d(images.data.subarray(0, 64), [1, 8, 8, 1]);
    return softmax(model.forward(x)); // [1, 10]
  });
  const values = [...(await probabilities.data())];
  probabilities.dispose();
  model.dispose();
  const digit = values.indexOf(Math.max(...values));
  return { digit, probability: values[digit] ?? 0, backend: chosen };
}
