import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMaxWithIndices } from "./adaptive-max.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";
import type { Extremes } from "./max.ts";

/**
 * {@link adaptiveMaxPool2d} with the index of each maximum, as `torch.nn.functional.adaptive_max_pool2d_with_indices`. Indices are
 * PyTorch's, row-major over the spatial axes of the input within a channel.
 *
 * @param x `[batch, height, width, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, height, width, channel]`, twice
 */
export function adaptiveMaxPool2dWithIndices(
  x: Tensor4D,
  outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>,
): Extremes<Tensor4D> {
  const sizes = adaptiveSize("adaptiveMaxPool2dWithIndices", x, outputSize, 2);
  return tidy(() => adaptiveMaxWithIndices(x, sizes) as Extremes<Tensor4D>);
}
