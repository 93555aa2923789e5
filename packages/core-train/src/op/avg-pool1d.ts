import { type Rank, reshape, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { avgPoolImages } from "./avg-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a one-dimensional window moves for its mean. */
export interface AvgPool1dOptions extends PoolOptions<readonly [time: number]> {
  /** Whether the zeros of the padding count. Default: true. */
  readonly countIncludePad?: boolean;
}

/**
 * The mean of each window, as `torch.nn.functional.avg_pool1d`; see {@link avgPool2d}.
 *
 * @param x `[batch, time, channel]`; PyTorch has `[batch, channel, time]`
 * @returns `[batch, time, channel]`
 */
export function avgPool1d(
  x: Tensor3D,
  kernelSize: PerAxis<readonly [time: number]>,
  options: AvgPool1dOptions = {},
): Tensor3D {
  checkOptions("avgPool1d", options, ["countIncludePad", "stride", "padding", "ceilMode"]);
  const [axis] = poolWindow<[PoolAxis]>("avgPool1d", x, kernelSize, options, 1);
  return tidy(() => {
    const [batch, time, channels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, channels]); //  [batch, 1, time, channel]
    const y = avgPoolImages(row, [untouched(1), axis], options);
    return reshape(y, [batch, axis.output, channels]);
  });
}
