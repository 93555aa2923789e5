import { Rng } from "@pellucid/core-train";
import { type Tensor, type Tensor4D, zerosLike } from "@tensorflow/tfjs-core";
import type { Score } from "@pellucid/interpret";

/** What a score says of one picture. */
export async function scoreOf(score: Score, image: Tensor4D): Promise<number> {
  const answer = score(image);
  const [value] = await answer.data();
  answer.dispose();
  return value as number;
}

/** How many points a picture has more than a black one. */
export async function gainOverBlack(score: Score, image: Tensor4D): Promise<number> {
  const black = zerosLike(image);
  const gain = (await scoreOf(score, image)) - (await scoreOf(score, black));
  black.dispose();
  return gain;
}

/** How alike two maps are: Pearson's correlation. */
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

/** The numbers of a tensor, which is freed. */
export async function take(x: Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await x.data());
  x.dispose();
  return values;
}

/** A generator that gives the same each time a story is asked. */
export const seeded = () => new Rng(0);
