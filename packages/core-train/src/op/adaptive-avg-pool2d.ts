import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMean } from "./adaptive-mean.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";

/**
 * The means over as many windows as asked for, as `torch.nn.functional.adaptive_avg_pool2d`. Where the
 * size does not divide, windows overlap.
 *
 * @param x `[batch, height, width, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, height, width, channel]`
 */
export function adaptiveAvgPool2d(
  x: Tensor4D,
  outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>,
): Tensor4D {
  const sizes = adaptiveSize("adaptiveAvgPool2d", x, outputSize, 2);
  return tidy(() => adaptiveMean(x, sizes)) as Tensor4D;
}
