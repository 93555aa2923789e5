import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { maxPoolImagesWithIndices } from "./max-pool-images.ts";
import type { MaxPool2dOptions } from "./max-pool2d.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, poolWindow } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/**
 * {@link maxPool2d} with the index of each maximum, as `torch.nn.functional.max_pool2d_with_indices`: what `maxUnpool2d` needs. Indices
 * are PyTorch's, `row · width + column` of the input within its channel, though channels are last here.
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, height, width, channel]`, twice
 */
export function maxPool2dWithIndices(
  x: Tensor4D,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: MaxPool2dOptions = {},
): Extremes<Tensor4D> {
  checkOptions("maxPool2dWithIndices", options, ["dilation", "stride", "padding", "ceilMode"]);
  const window = poolWindow<[PoolAxis, PoolAxis]>("maxPool2dWithIndices", x, kernelSize, options, 2);
  return tidy(() => maxPoolImagesWithIndices(x, window));
}
