import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { lpPoolImages } from "./lp-pool-images.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** How a two-dimensional window moves for its length. */
export type LPPool2dOptions = Omit<PoolOptions<readonly [height: number, width: number]>, "padding">;

/**
 * `(Σ xᵖ)^(1/p)` over each window, as `torch.nn.functional.lp_pool2d`; 0 where the sum is negative, which PyTorch makes
 * NaN.
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, height, width, channel]`
 */
export function lpPool2d(
  x: Tensor4D,
  normType: number,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: LPPool2dOptions = {},
): Tensor4D {
  checkOptions("lpPool2d", options, ["stride", "ceilMode"]);
  const axes = poolWindow<[PoolAxis, PoolAxis]>("lpPool2d", x, kernelSize, options, 2);
  return tidy(() => lpPoolImages(x, normType, axes));
}
