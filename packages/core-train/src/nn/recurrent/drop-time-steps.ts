import { mul, type Rank, type Tensor3D } from "@tensorflow/tfjs-core";
import { drawn } from "../../compile/drawn.ts";
import type { Rng } from "../../rng/rng.ts";

/**
 * Dropout between two layers of a recurrent network, with a separate mask for each time step of each example. Call it in a `tidy`.
 *
 * It draws as PyTorch does for a packed sequence: time step by time step, and within each for the examples that have not ended, the
 * longest first, examples of equal length in their order. PyTorch's masks are the same if the batch is sorted by decreasing length,
 * or has at most 16 examples, or only different lengths. `pack_padded_sequence(enforce_sorted=False)` sorts larger batches by an
 * algorithm that does not preserve the order of equal lengths and depends on the processor: then equal lengths exchange their masks.
 *
 * @param x `[batch, time, feature]`
 */
export function dropTimeSteps(x: Tensor3D, p: number, rng: Rng, lengths: readonly number[]): Tensor3D {
  const [, time, features] = x.shape;
  if (p === 0) return x;
  if (p === 1) return mul(x, 0);
  const scale = 1 / Math.fround(1 - p);
  const longestFirst = [...lengths.entries()].toSorted(([, a], [, b]) => b - a);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const { size, shape } = x;
  const draw = () => {
    const kept = rng.bernoulli(1 - p, [total, features]).data;
    const mask = new Float32Array(size);
    let next = 0;
    for (let t = 0; t < time; t++)
      for (const [b, length] of longestFirst) {
        if (t >= length) continue;
        const row = kept.subarray(next, next + features);
        mask.set(
          row.map((one) => scale * one),
          (b * time + t) * features,
        );
        next += features;
      }
    return { data: mask, shape };
  };
  return mul(x, drawn<Rank.R3>(draw));
}
