// Digits through a code of a few numbers: linear by PCA, curved by the notes' autoencoder.
import { useBackend } from "@pellucid/backends";
import { adam, batches, fit, matMul, mseLoss, Rng, TensorDataset } from "@pellucid/core-train";
import { digits, type LabeledImages } from "@pellucid/datasets";
import { Autoencoder } from "@pellucid/generative";
import { pca } from "@pellucid/interpret";
import { add, mean, type Scalar, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** The mean squared errors with which both reconstruct unseen digits from `features` numbers. */
export async function main({ features = 2, epochs = 150, seed = 0 } = {}) {
  const { train, test } = await digits();
  const [seen, unseen] = [pixels(train), pixels(test)];
  const rng = new Rng(seed);
  const funnel = features < 12 / 2 ? [64, 128, 64, 12] : [64, 128, 64]; // the notes', with 64 pixels in place of 784
  const model = new Autoencoder([...funnel, features], { rng });
  const data = batches(new TensorDataset({ x: seen, y: seen }), { size: 64, shuffle: true, rng });
  for await (const _ of fit(model, data, { loss: mseLoss, optimizer: adam({ learningRate: 2e-3 }), epochs }));
  const x = tensor2d(unseen.data, [test.length, 64]);
  const curved = tidy(() => (mseLoss(model.forward(x), x) as Scalar).dataSync()[0] as number);
  return { curved, linear: await linearError(tensor2d(seen.data, [train.length, 64]), x, features) };
}

/** Pixels from 0 to 1, one row per image. */
function pixels({ images, length }: LabeledImages<Uint8Array>) {
  return { data: Float32Array.from(images.data, (value) => value / 16), shape: [length, 64] as const };
}

/** The error of the projection on the first principal components. */
async function linearError(seen: Tensor2D, x: Tensor2D, features: number): Promise<number> {
  const { components } = await pca(seen, features);
  return tidy(() => {
    const center = mean(seen, 0);
    const code = matMul(sub<Tensor2D>(x, center), components, false, true); //  [example, component]
    const back = add(matMul(code, components), center); //                      [example, pixel]
    return mseLoss(back, x).dataSync()[0] as number;
  });
}

if (import.meta.main) {
  await useBackend();
  for (const features of [2, 3, 8]) {
    const { curved, linear } = await main({ features });
    const share = ((100 * curved) / linear).toFixed(0);
    console.log(`${features} numbers: error ${curved.toFixed(4)}, ${share} % of PCA's ${linear.toFixed(4)}`);
  }
}
