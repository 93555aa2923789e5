import { mul, pow, type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { avgPool3d } from "./avg-pool3d.ts";
import { lpRoot } from "./lp-root.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, type PoolOptions, poolWindow } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link lpPool3d}. */
export type LPPool3dOptions = Omit<
  PoolOptions<readonly [depth: number, height: number, width: number]>,
  "padding"
>;

/**
 * `(Σ xᵖ)^(1/p)` over each window, as `torch.nn.functional.lp_pool3d`; see {@link lpPool2d}.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`
 */
export function lpPool3d(
  x: Tensor5D,
  normType: number,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: LPPool3dOptions = {},
): Tensor5D {
  checkOptions("lpPool3d", options, ["stride", "ceilMode"]);
  const axes = poolWindow<[PoolAxis, PoolAxis, PoolAxis]>("lpPool3d", x, kernelSize, options, 3);
  return tidy(() => {
    const volume = axes.reduce((product, { kernel }) => product * kernel, 1);
    const mean = avgPool3d(pow(x, normType), kernelSize, options); // [batch, depth, height, width, channel]
    return lpRoot(mul(mean, volume), normType);
  });
}
