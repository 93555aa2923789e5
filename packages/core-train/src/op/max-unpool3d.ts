import type { Tensor5D } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { maxUnpool, type MaxUnpoolOptions } from "./max-unpool.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link maxUnpool3d}. */
export type MaxUnpool3dOptions = MaxUnpoolOptions<readonly [depth: number, height: number, width: number]>;

/**
 * Undoes {@link maxPool3dWithIndices} as far as it can, as `torch.nn.functional.max_unpool3d`: each maximum goes back to where it was,
 * all else is 0. See {@link maxUnpool2d}.
 *
 * @param pooled `values` and `indices`, `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`
 * @throws IndexError for an index outside of the output
 */
export function maxUnpool3d(
  pooled: Extremes<Tensor5D>,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: MaxUnpool3dOptions = {},
): Tensor5D {
  checkOptions("maxUnpool3d", options, ["stride", "padding", "outputSize"]);
  return maxUnpool("maxUnpool3d", pooled, kernelSize, options, ["depth", "height", "width"]) as Tensor5D;
}
