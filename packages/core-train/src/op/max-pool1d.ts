import { type Rank, reshape, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { maxPoolImages } from "./max-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a one-dimensional window moves for its maximum. */
export interface MaxPool1dOptions extends PoolOptions<readonly [time: number]> {
  /** How far apart the numbers are that a window sees. Default: 1. */
  readonly dilation?: PerAxis<readonly [time: number]>;
}

/**
 * The largest number of each window, as `torch.nn.functional.max_pool1d`; see {@link maxPool2d}.
 *
 * @param x `[batch, time, channel]`; PyTorch has `[batch, channel, time]`
 * @returns `[batch, time, channel]`
 */
export function maxPool1d(
  x: Tensor3D,
  kernelSize: PerAxis<readonly [time: number]>,
  options: MaxPool1dOptions = {},
): Tensor3D {
  checkOptions("maxPool1d", options, ["dilation", "stride", "padding", "ceilMode"]);
  const [axis] = poolWindow<[PoolAxis]>("maxPool1d", x, kernelSize, options, 1);
  return tidy(() => {
    const [batch, time, channels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, channels]); //  [batch, 1, time, channel]
    return reshape(maxPoolImages(row, [untouched(1), axis]), [batch, axis.output, channels]);
  });
}
