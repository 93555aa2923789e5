import { type Rank, reshape, type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { type AvgPoolDivisor, avgPoolImages } from "./avg-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a three-dimensional window moves for its mean. */
export interface AvgPool3dOptions
  extends PoolOptions<readonly [depth: number, height: number, width: number]>, AvgPoolDivisor {}

/**
 * The mean of each window, as `torch.nn.functional.avg_pool3d`; see {@link avgPool2d}. It is the mean over each slice and
 * then over the slices.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`
 */
export function avgPool3d(
  x: Tensor5D,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: AvgPool3dOptions = {},
): Tensor5D {
  checkOptions("avgPool3d", options, ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"]);
  const [deep, vertical, horizontal] = poolWindow<[PoolAxis, PoolAxis, PoolAxis]>(
    "avgPool3d",
    x,
    kernelSize,
    options,
    3,
  );
  const { countIncludePad = true, divisorOverride = null } = options;
  return tidy(() => {
    const [batch, depth, height, width, channels] = x.shape;
    const slices = reshape<Rank.R4>(x, [batch * depth, height, width, channels]);
    const flat = avgPoolImages(slices, [vertical, horizontal], { countIncludePad, divisorOverride });
    const area = vertical.output * horizontal.output;
    const columns = reshape<Rank.R4>(flat, [batch, depth, area, channels]); //      [batch, depth, height * width, channel]
    const total = divisorOverride === null ? null : 1;
    const y = avgPoolImages(columns, [deep, untouched(area)], { countIncludePad, divisorOverride: total });
    return reshape(y, [batch, deep.output, vertical.output, horizontal.output, channels]);
  });
}
