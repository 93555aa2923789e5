import { DigitsCnn } from "@pellucid/cnn";
import { Rng, softmax, withoutInit } from "@pellucid/core-train";
import { readWeights } from "@pellucid/core-train/node";
import { digits, toFloatImages } from "@pellucid/datasets";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";

/** What a saved model says of unseen digits. */
export async function predict(path: string, count = 5) {
  const model = withoutInit(() => new DigitsCnn({ rng: new Rng(0) })); // the file fills it
  await readWeights(path, model);
  const { images, labels } = toFloatImages((await digits()).test);
  const probabilities = tidy(() => {
    const x = tensor4d(images.data.subarray(0, 64 * count), [count, 8, 8, 1]);
    return softmax(model.forward(x)); // [count, 10]
  });
  const rows = await probabilities.array();
  probabilities.dispose();
  return rows.map((row, i) => {
    const digit = row.indexOf(Math.max(...row));
    return { digit, probability: row[digit] ?? 0, label: labels.data[i] };
  });
}
