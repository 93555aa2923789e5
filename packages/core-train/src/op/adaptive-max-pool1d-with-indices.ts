import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMaxWithIndices } from "./adaptive-max.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";
import type { Extremes } from "./max.ts";

/**
 * {@link adaptiveMaxPool1d} with the index of each maximum, as `torch.nn.functional.adaptive_max_pool1d_with_indices`. Indices are
 * time steps.
 *
 * @param x `[batch, time, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, time, channel]`, twice
 */
export function adaptiveMaxPool1dWithIndices(
  x: Tensor3D,
  outputSize: AdaptiveSize<readonly [time: number | null]>,
): Extremes<Tensor3D> {
  const sizes = adaptiveSize("adaptiveMaxPool1dWithIndices", x, outputSize, 1);
  return tidy(() => adaptiveMaxWithIndices(x, sizes) as Extremes<Tensor3D>);
}
