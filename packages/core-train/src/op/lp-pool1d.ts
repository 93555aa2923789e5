import { type Rank, reshape, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { lpPoolImages } from "./lp-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a one-dimensional window moves for its length. */
export type LPPool1dOptions = Omit<PoolOptions<readonly [time: number]>, "padding">;

/**
 * `(Σ xᵖ)^(1/p)` over each window, as `torch.nn.functional.lp_pool1d`; see {@link lpPool2d}.
 *
 * @param x `[batch, time, channel]`; PyTorch has `[batch, channel, time]`
 * @returns `[batch, time, channel]`
 */
export function lpPool1d(
  x: Tensor3D,
  normType: number,
  kernelSize: PerAxis<readonly [time: number]>,
  options: LPPool1dOptions = {},
): Tensor3D {
  checkOptions("lpPool1d", options, ["stride", "ceilMode"]);
  const [axis] = poolWindow<[PoolAxis]>("lpPool1d", x, kernelSize, options, 1);
  return tidy(() => {
    const [batch, time, channels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, channels]); //  [batch, 1, time, channel]
    const y = lpPoolImages(row, normType, [untouched(1), axis]);
    return reshape(y, [batch, axis.output, channels]);
  });
}
