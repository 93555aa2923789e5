import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { maxPoolImages } from "./max-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a two-dimensional window moves for its maximum. */
export interface MaxPool2dOptions extends PoolOptions<readonly [height: number, width: number]> {
  /** How far apart the numbers are that a window sees. Default: 1. */
  readonly dilation?: PerAxis<readonly [height: number, width: number]>;
}

/**
 * The largest number of each window, as `torch.nn.functional.max_pool2d`. Of those that tie, the first in row-major order
 * gets the gradient.
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, ⌊(height + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1, …, channel]`
 * @throws ShapeError when the window does not fit
 */
export function maxPool2d(
  x: Tensor4D,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: MaxPool2dOptions = {},
): Tensor4D {
  checkOptions("maxPool2d", options, ["dilation", "stride", "padding", "ceilMode"]);
  const window = poolWindow<[PoolAxis, PoolAxis]>("maxPool2d", x, kernelSize, options, 2);
  return tidy(() => maxPoolImages(x, window));
}
