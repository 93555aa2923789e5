import {
  adam,
  batches,
  Optimizer,
  type Rng,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import type { LabeledImages } from "@pellucid/datasets";
import { negativeElbo, Vae } from "@pellucid/generative";
import { type Tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** What an unseen image costs, in nats: for its pixels, for its code. */
export interface Cost {
  readonly reconstruction: number;
  readonly divergence: number;
}

/** PyTorch's example: 784-400-20, Adam, batches of 128. */
export async function trainVae(
  train: LabeledImages<Uint8Array>,
  { rng, epochs = 10, onEpoch = (_epoch: number, _loss: number): void => {} }: VaeTraining,
): Promise<Vae> {
  const { data, shape } = pixelsOf(train);
  const model = new Vae(shape[1], { rng, hiddenFeatures: 400, latentFeatures: 20 });
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
  const stream = batches(new TensorDataset({ x: { data, shape } }), { size: 128, shuffle: true, rng });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let total = 0;
    for await (const { x } of stream)
      total += x.shape[0] * (await trainStep(model, optimizer, () => elboOf(model, x).loss));
    onEpoch(epoch, total / train.length);
  }
  optimizer.dispose();
  return model;
}

interface VaeTraining {
  readonly rng: Rng;
  readonly epochs?: number;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/** The cost of unseen images. */
export function costOf(model: Vae, test: LabeledImages<Uint8Array>): Cost {
  const { data, shape } = pixelsOf(test);
  const x = tensor2d(data, shape);
  try {
    return tidy(() => {
      const { reconstruction, divergence } = elboOf(model, x);
      const [pixels = NaN, code = NaN] = [reconstruction, divergence].map((value) => value.dataSync()[0]);
      return { reconstruction: pixels, divergence: code };
    });
  } finally {
    x.dispose();
  }
}

function elboOf(model: Vae, x: Tensor) {
  const { logits, posterior } = model.forward(x);
  return negativeElbo(logits, x, posterior);
}

/** Pixels from 0 to 1, one row per image. */
export function pixelsOf({ images, length }: LabeledImages<Uint8Array>) {
  const data = Float32Array.from(images.data, (value) => value / 255);
  return { data, shape: [length, data.length / length] as [number, number] };
}
