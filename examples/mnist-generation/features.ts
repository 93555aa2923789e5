import {
  adam,
  batches,
  crossEntropy,
  Linear,
  Module,
  Optimizer,
  relu,
  type Rng,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import type { LabeledImages } from "@pellucid/datasets";
import { type Features, frechetDistance } from "@pellucid/generative";
import { type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** A classifier whose last hidden layer, 32 numbers, is what Fréchet distances are measured by. */
export class FeatureNet extends Module {
  readonly first: Linear;
  readonly second: Linear;
  readonly last: Linear;

  constructor(pixels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.first = new Linear(pixels, 128, { rng });
    this.second = new Linear(128, 32, { rng });
    this.last = new Linear(32, 10, { rng });
  }

  /** @param x `[image, pixel]` from −1 to 1 */
  features(x: Tensor2D): Tensor2D {
    return tidy(() => relu(this.second.forward(relu(this.first.forward(x)))));
  }

  forward(x: Tensor2D): Tensor2D {
    return tidy(() => this.last.forward(this.features(x)));
  }
}

/** Pixels from −1 to 1, one row per image. */
export function rows({ images, length }: LabeledImages<Uint8Array>) {
  const data = Float32Array.from(images.data, (value) => value / 127.5 - 1);
  return { data, shape: [length, data.length / length] as [number, number] };
}

/** Trains the classifier. */
export async function trainFeatures(
  train: LabeledImages<Uint8Array>,
  { rng, epochs = 5 }: { readonly rng: Rng; readonly epochs?: number },
): Promise<FeatureNet> {
  const x = rows(train);
  const model = new FeatureNet(x.shape[1], { rng });
  const optimizer = new Optimizer(adam(), trainable(model));
  const y = { data: train.labels.data, shape: [train.length] };
  const stream = batches(new TensorDataset({ x, y }), { size: 64, shuffle: true, rng });
  for (let epoch = 0; epoch < epochs; epoch++)
    for await (const { x: image, y: label } of stream)
      await trainStep(model, optimizer, () => crossEntropy(model.forward(image as Tensor2D), label));
  optimizer.dispose();
  return model;
}

/** The Fréchet distance of images from −1 to 1 from real ones. */
export async function distanceOf(net: FeatureNet, real: Features, images: Float32Array): Promise<number> {
  const x = tensor2d(images, [images.length / net.first.inFeatures, net.first.inFeatures]);
  const features = net.features(x);
  try {
    return (await frechetDistance(real, features)).distance;
  } finally {
    x.dispose();
    features.dispose();
  }
}
