import type { Tensor3D } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { maxUnpool, type MaxUnpoolOptions } from "./max-unpool.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link maxUnpool1d}. */
export type MaxUnpool1dOptions = MaxUnpoolOptions<readonly [time: number]>;

/**
 * Undoes {@link maxPool1dWithIndices} as far as it can, as `torch.nn.functional.max_unpool1d`: each maximum goes back to where it was,
 * all else is 0. See {@link maxUnpool2d}.
 *
 * @param pooled `values` and `indices`, `[batch, time, channel]`
 * @returns `[batch, time, channel]`
 * @throws IndexError for an index outside of the output
 */
export function maxUnpool1d(
  pooled: Extremes<Tensor3D>,
  kernelSize: PerAxis<readonly [time: number]>,
  options: MaxUnpool1dOptions = {},
): Tensor3D {
  checkOptions("maxUnpool1d", options, ["stride", "padding", "outputSize"]);
  return maxUnpool("maxUnpool1d", pooled, kernelSize, options, ["time"]) as Tensor3D;
}
