import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMax } from "./adaptive-max.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";

/**
 * The maxima over as many windows as asked for, as `torch.nn.functional.adaptive_max_pool2d`. Where the
 * size does not divide, windows overlap.
 *
 * @param x `[batch, height, width, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, height, width, channel]`
 */
export function adaptiveMaxPool2d(
  x: Tensor4D,
  outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>,
): Tensor4D {
  const sizes = adaptiveSize("adaptiveMaxPool2d", x, outputSize, 2);
  return tidy(() => adaptiveMax(x, sizes)) as Tensor4D;
}
