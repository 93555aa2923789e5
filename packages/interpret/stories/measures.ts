import { Rng } from "@pellucid/core-train";
import { type Tensor, type Tensor4D, zerosLike } from "@tensorflow/tfjs-core";
import type { Score } from "@pellucid/interpret";

/** The score of one picture. */
export async function scoreOf(score: Score, image: Tensor4D): Promise<number> {
  const answer = score(image);
  const [value] = await answer.data();
  answer.dispose();
  return value as number;
}

/** How much higher the score of a picture is than that of a black one. */
export async function gainOverBlack(score: Score, image: Tensor4D): Promise<number> {
  const black = zerosLike(image);
  const gain = (await scoreOf(score, image)) - (await scoreOf(score, black));
  black.dispose();
  return gain;
}

/** Pearson's correlation of two maps. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [centered(a), centered(b)];
  const dot = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, ui, i) => sum + ui * (v[i] as number), 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

function centered(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  return all.map((v) => v - mean);
}

/** Reads a tensor and frees it. */
export async function take(x: Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await x.data());
  x.dispose();
  return values;
}

/** A random generator that gives the same numbers in each run of a story. */
export const seeded = () => new Rng(0);
