import { type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMax } from "./adaptive-max.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";

/**
 * The maxima over as many windows as asked for, as `torch.nn.functional.adaptive_max_pool3d`; see {@link adaptiveMaxPool2d}.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, depth, height, width, channel]`
 */
export function adaptiveMaxPool3d(
  x: Tensor5D,
  outputSize: AdaptiveSize<readonly [depth: number | null, height: number | null, width: number | null]>,
): Tensor5D {
  const sizes = adaptiveSize("adaptiveMaxPool3d", x, outputSize, 3);
  return tidy(() => adaptiveMax(x, sizes)) as Tensor5D;
}
