import { mul, tensor3d, type Tensor3D } from "@tensorflow/tfjs-core";
import type { Rng } from "../../rng/rng.ts";

/**
 * Dropout of the features between two layers: each moment of each example by itself. It draws what PyTorch draws: moment
 * after moment, in each the examples that are not over, the longest first. To be called in a `tidy`.
 *
 * @param x `[batch, time, feature]`
 */
export function dropTimeSteps(x: Tensor3D, p: number, rng: Rng, lengths: readonly number[]): Tensor3D {
  const [, time, features] = x.shape;
  if (p === 0) return x;
  if (p === 1) return mul(x, 0);
  const drawn = rng.bernoulli(1 - p, [lengths.reduce((sum, length) => sum + length, 0), features]).data;
  const scale = 1 / Math.fround(1 - p);
  const kept = new Float32Array(x.size);
  const longestFirst = lengths
    .map((_, b) => b)
    .toSorted((a, b) => (lengths[b] as number) - (lengths[a] as number));
  let from = 0;
  for (let t = 0; t < time; t++)
    for (const b of longestFirst) {
      if (t >= (lengths[b] as number)) continue;
      const at = (b * time + t) * features;
      for (let i = 0; i < features; i++) kept[at + i] = scale * (drawn[from + i] as number);
      from += features;
    }
  return mul(x, tensor3d(kept, x.shape));
}
