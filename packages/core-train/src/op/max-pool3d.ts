import { type Rank, reshape, type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { maxPoolImages } from "./max-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a three-dimensional window moves for its maximum. */
export interface MaxPool3dOptions extends PoolOptions<
  readonly [depth: number, height: number, width: number]
> {
  /** How far apart the numbers are that a window sees. Default: 1. */
  readonly dilation?: PerAxis<readonly [depth: number, height: number, width: number]>;
}

/**
 * The largest number of each window, as `torch.nn.functional.max_pool3d`; see {@link maxPool2d}. It is the maximum over
 * each slice and then over the slices.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`
 */
export function maxPool3d(
  x: Tensor5D,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: MaxPool3dOptions = {},
): Tensor5D {
  checkOptions("maxPool3d", options, ["dilation", "stride", "padding", "ceilMode"]);
  const [deep, vertical, horizontal] = poolWindow<[PoolAxis, PoolAxis, PoolAxis]>(
    "maxPool3d",
    x,
    kernelSize,
    options,
    3,
  );
  return tidy(() => {
    const [batch, depth, height, width, channels] = x.shape;
    const slices = reshape<Rank.R4>(x, [batch * depth, height, width, channels]);
    const flat = maxPoolImages(slices, [vertical, horizontal]); //                  [batch * depth, height, width, channel]
    const area = vertical.output * horizontal.output;
    const columns = reshape<Rank.R4>(flat, [batch, depth, area, channels]); //      [batch, depth, height * width, channel]
    const y = maxPoolImages(columns, [deep, untouched(area)]);
    return reshape(y, [batch, deep.output, vertical.output, horizontal.output, channels]);
  });
}
