import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { loadWeights, Rng, withoutInit } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { argMax, tensor4d, tidy } from "@tensorflow/tfjs-core";

/** The share of unseen digits that a net with these weights reads. */
export async function accuracyOf(bytes: Uint8Array): Promise<number> {
  await useBackend();
  const model = withoutInit(() => new DigitsCnn({ rng: new Rng(0) })); // the file fills it
  loadWeights(model, bytes);
  const { images, labels } = toFloatImages((await digits()).test);
  const predicted = tidy(() => {
    const x = tensor4d(images.data, [450, 8, 8, 1]);
    return argMax(model.forward(x), 1); // [450]
  });
  const right = (await predicted.data()).filter((digit, i) => digit === labels.data[i]);
  predicted.dispose();
  model.dispose();
  return right.length / 450;
}
