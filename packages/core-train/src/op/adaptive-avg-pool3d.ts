import { type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMean } from "./adaptive-mean.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";

/**
 * The means over as many windows as asked for, as `torch.nn.functional.adaptive_avg_pool3d`; see {@link adaptiveAvgPool2d}.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, depth, height, width, channel]`
 */
export function adaptiveAvgPool3d(
  x: Tensor5D,
  outputSize: AdaptiveSize<readonly [depth: number | null, height: number | null, width: number | null]>,
): Tensor5D {
  const sizes = adaptiveSize("adaptiveAvgPool3d", x, outputSize, 3);
  return tidy(() => adaptiveMean(x, sizes)) as Tensor5D;
}
