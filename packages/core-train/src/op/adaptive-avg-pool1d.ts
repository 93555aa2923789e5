import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMean } from "./adaptive-mean.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";

/**
 * The means over as many windows as asked for, as `torch.nn.functional.adaptive_avg_pool1d`; see {@link adaptiveAvgPool2d}.
 *
 * @param x `[batch, time, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, time, channel]`
 */
export function adaptiveAvgPool1d(
  x: Tensor3D,
  outputSize: AdaptiveSize<readonly [time: number | null]>,
): Tensor3D {
  const sizes = adaptiveSize("adaptiveAvgPool1d", x, outputSize, 1);
  return tidy(() => adaptiveMean(x, sizes)) as Tensor3D;
}
