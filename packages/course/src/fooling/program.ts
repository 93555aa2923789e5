import { loadWeights, logSoftmax, Rng, softmax, withoutInit } from "@pellucid/core-train";
import { MnistCnn } from "@pellucid/cnn";
import { marginScore, pgd, type Score } from "@pellucid/interpret";
import { mul, sum, tensor2d, type Tensor1D, tensor4d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** A network with trained weights. */
export function load(weights: ArrayBuffer): MnistCnn {
  const net = withoutInit(() => new MnistCnn({ rng: new Rng(0) }));
  loadWeights(net, weights);
  return net;
}

/** The ten probabilities of each image of 28 × 28. */
export async function predict(net: MnistCnn, images: readonly Float32Array[]): Promise<Float32Array[]> {
  const flat = Float32Array.from(images.flatMap((image) => Array.from(image)));
  const answer = tidy(() => softmax(net.forward(tensor4d(flat, [images.length, 28, 28, 1]))));
  const values = Float32Array.from(await answer.data());
  answer.dispose();
  return images.map((_, i) => values.slice(10 * i, 10 * i + 10));
}

/** What an attack may do. */
export interface Attack {
  /** The class that the image has. */
  readonly label: number;
  /** The class that it shall get; null for any other. */
  readonly towards: number | null;
  /** The largest change of a pixel. */
  readonly epsilon: number;
}

/** The worst image within `epsilon` of each pixel that 40 steps of projected gradient descent find (Madry et al., 2018). */
export async function attack(
  net: MnistCnn,
  image: Float32Array,
  { label, towards, epsilon }: Attack,
): Promise<Float32Array> {
  if (epsilon === 0) return Float32Array.from(image);
  const x = tensor4d(image, [1, 28, 28, 1]);
  const score = marginScore<Tensor4D>(net, towards ?? label);
  const direction = towards === null ? "lower" : "raise";
  const attacked = await pgd(score, { epsilon, direction, range: [0, 1], steps: 40 })(x);
  const values = Float32Array.from(await attacked.data());
  x.dispose();
  attacked.dispose();
  return values;
}

/** Attacks images at once, the first of class 0, the next of class 1 …: each away from its class. */
export async function attackAll(
  net: MnistCnn,
  images: readonly Float32Array[],
  epsilon: number,
): Promise<Float32Array[]> {
  if (epsilon === 0) return [...images];
  const count = images.length;
  const flat = Float32Array.from(images.flatMap((image) => Array.from(image)));
  const own = Float32Array.from({ length: count * 10 }, (_, i) => (i % 10 === Math.floor(i / 10) ? 1 : 0));
  const x = tensor4d(flat, [count, 28, 28, 1]);
  const score: Score<Tensor4D> = (images4) =>
    tidy(() => sum(mul(logSoftmax(net.forward(images4)), tensor2d(own, [count, 10])), 1) as Tensor1D);
  const attacked = await pgd(score, { epsilon, direction: "lower", range: [0, 1], steps: 40 })(x);
  const values = Float32Array.from(await attacked.data());
  x.dispose();
  attacked.dispose();
  return images.map((_, i) => values.slice(784 * i, 784 * (i + 1)));
}

/** The control: every pixel is changed by as much, up or down at random. `random` is from 0 to 1. */
export function noise(image: Float32Array, epsilon: number, random: () => number): Float32Array {
  return image.map((v) => Math.min(1, Math.max(0, v + (random() < 0.5 ? -epsilon : epsilon))));
}
