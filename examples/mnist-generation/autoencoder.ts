import { adam, batches, fit, matMul, mseLoss, type Rng, TensorDataset } from "@pellucid/core-train";
import { Autoencoder } from "@pellucid/generative";
import { pca } from "@pellucid/interpret";
import { add, mean, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Images } from "./generate.ts";
import { pixelsOf } from "./vae.ts";

/** The mean squared errors with which the notes' autoencoder, 784-128-64-12-3, and PCA of three components reconstruct unseen images. */
export async function autoencoderErrors(
  { train, test }: Images,
  { rng, epochs = 10, onEpoch = () => {} }: Training,
): Promise<{ readonly curved: number; readonly linear: number }> {
  const [seen, unseen] = [pixelsOf(train), pixelsOf(test)];
  const model = new Autoencoder([seen.shape[1], 128, 64, 12, 3], { rng });
  const data = batches(new TensorDataset({ x: seen, y: seen }), { size: 64, shuffle: true, rng });
  const how = { loss: mseLoss, optimizer: adam({ learningRate: 5e-3 }), epochs };
  for await (const event of fit(model, data, how))
    if (event.kind === "step" && event.step % 125 === 0) onEpoch(event.step, event.loss);
  const [x, all] = [tensor2d(unseen.data, unseen.shape), tensor2d(seen.data, seen.shape)];
  const curved = tidy(() => mseLoss(model.forward(x), x).dataSync()[0] ?? NaN);
  const { components } = await pca(all, 3);
  const linear = tidy(() => {
    const center = mean(all, 0);
    const code = matMul(sub<Tensor2D>(x, center), components, false, true); // [image, component]
    return mseLoss(add(matMul(code, components), center), x).dataSync()[0] ?? NaN;
  });
  for (const held of [x, all, components]) held.dispose();
  return { curved, linear };
}

interface Training {
  readonly rng: Rng;
  readonly epochs?: number;
  readonly onEpoch?: (step: number, loss: number) => void;
}
