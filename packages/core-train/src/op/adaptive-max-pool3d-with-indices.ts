import { type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMaxWithIndices } from "./adaptive-max.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";
import type { Extremes } from "./max.ts";

/**
 * {@link adaptiveMaxPool3d} with the index of each maximum, as `torch.nn.functional.adaptive_max_pool3d_with_indices`. Indices are
 * PyTorch's, row-major over the spatial axes of the input within a channel.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, depth, height, width, channel]`, twice
 */
export function adaptiveMaxPool3dWithIndices(
  x: Tensor5D,
  outputSize: AdaptiveSize<readonly [depth: number | null, height: number | null, width: number | null]>,
): Extremes<Tensor5D> {
  const sizes = adaptiveSize("adaptiveMaxPool3dWithIndices", x, outputSize, 3);
  return tidy(() => adaptiveMaxWithIndices(x, sizes) as Extremes<Tensor5D>);
}
