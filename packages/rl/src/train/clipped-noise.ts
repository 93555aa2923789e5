import { drawn, maximum, minimum, type Rng } from "@pellucid/core-train";
import { add, mul, type Tensor2D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { Box } from "../environments/box.ts";
import { clip } from "../environments/clip.ts";

/** Normal noise of deviation `std` times half the width of the action space, within ± `limit` of it. */
export interface ClippedNoise {
  readonly std: number;
  readonly limit: number;
}

/** Actions with noise, within their bounds. `[batch, action]` */
export function withNoise(
  actions: Tensor2D,
  { low, high }: Box,
  rng: Rng,
  { std, limit }: ClippedNoise,
): Tensor2D {
  return tidy(() => {
    const noise = drawn(() => {
      const { data, shape } = rng.randn(actions.shape);
      return { data: data.map((x) => clip(x * std, -limit, limit)), shape };
    });
    const halfWidth = tensor1d(low.map((from, i) => ((high[i] ?? NaN) - from) / 2));
    const moved = add(actions, mul(noise, halfWidth));
    return maximum(minimum(moved, tensor1d(high)), tensor1d(low)) as Tensor2D;
  });
}
