import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type AvgPoolDivisor, avgPoolImages } from "./avg-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a two-dimensional window moves for its mean. */
export interface AvgPool2dOptions
  extends PoolOptions<readonly [height: number, width: number]>, AvgPoolDivisor {}

/**
 * The mean of each window, as `torch.nn.functional.avg_pool2d`: the zeros of the padding count unless `countIncludePad` is
 * false. tfjs' own never counts them.
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, ⌊(height + 2 padding − kernel) / stride⌋ + 1, …, channel]`
 * @throws ShapeError when the window does not fit
 */
export function avgPool2d(
  x: Tensor4D,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: AvgPool2dOptions = {},
): Tensor4D {
  checkOptions("avgPool2d", options, ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"]);
  const window = poolWindow<[PoolAxis, PoolAxis]>("avgPool2d", x, kernelSize, options, 2);
  return tidy(() => avgPoolImages(x, window, options));
}
