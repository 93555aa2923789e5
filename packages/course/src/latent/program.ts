import { softmax } from "@pellucid/core-train";
import type { Vae } from "@pellucid/generative";
import { reshape, sigmoid, slice, type Tensor2D, tensor2d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** A classifier of digits of 8 × 8 that knows nothing of the codes. */
export interface Judge {
  readonly forward: (images: Tensor4D) => Tensor2D;
}

/** The pictures of codes, 64 pixels from 0 to 1, and what the judge takes each for. */
export async function decode(
  vae: Vae,
  judge: Judge,
  codes: readonly (readonly number[])[],
): Promise<{ readonly pictures: Float32Array[]; readonly says: Float32Array[] }> {
  const [images, answers] = tidy(() => {
    const pictures = sigmoid(vae.decode(tensor2d(codes.map((code) => [...code])))); // [code, 64]
    const squares = reshape(pictures, [-1, 8, 8, 1]) as Tensor4D;
    return [pictures, softmax(judge.forward(squares))] as const; //                     [code, 10]
  });
  const [pixels, probabilities] = [
    Float32Array.from(await images.data()),
    Float32Array.from(await answers.data()),
  ];
  images.dispose();
  answers.dispose();
  const rows = (values: Float32Array, size: number) =>
    codes.map((_, i) => values.slice(i * size, (i + 1) * size));
  return { pictures: rows(pixels, 64), says: rows(probabilities, 10) };
}

/** The mean code and the deviation of each picture of 64 pixels from 0 to 1. */
export async function encode(
  vae: Vae,
  pictures: readonly ArrayLike<number>[],
): Promise<{ readonly mean: number[][]; readonly deviation: number[][] }> {
  const [mean, logVariance] = tidy(() => {
    const { mean: m, logVariance: v } = vae.encode(tensor2d(pictures.map((picture) => Array.from(picture))));
    return [slice(m, [0, 0]), slice(v, [0, 0])] as const;
  });
  const [means, logs] = [await mean.array(), await logVariance.array()];
  mean.dispose();
  logVariance.dispose();
  return {
    mean: means as number[][],
    deviation: (logs as number[][]).map((row) => row.map((v) => Math.exp(v / 2))),
  };
}

/** Mean squared difference of two pictures. */
export const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + (v - (b[i] ?? 0)) ** 2, 0) / a.length;
