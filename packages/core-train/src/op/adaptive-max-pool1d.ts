import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveMax } from "./adaptive-max.ts";
import { type AdaptiveSize, adaptiveSize } from "./adaptive-size.ts";

/**
 * The maxima over as many windows as asked for, as `torch.nn.functional.adaptive_max_pool1d`; see {@link adaptiveMaxPool2d}.
 *
 * @param x `[batch, time, channel]`
 * @param outputSize `null` keeps an axis as it is
 * @returns `[batch, time, channel]`
 */
export function adaptiveMaxPool1d(
  x: Tensor3D,
  outputSize: AdaptiveSize<readonly [time: number | null]>,
): Tensor3D {
  const sizes = adaptiveSize("adaptiveMaxPool1d", x, outputSize, 1);
  return tidy(() => adaptiveMax(x, sizes)) as Tensor3D;
}
