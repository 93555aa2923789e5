import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { maxUnpool, type MaxUnpoolOptions } from "./max-unpool.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link maxUnpool2d}. */
export type MaxUnpool2dOptions = MaxUnpoolOptions<readonly [height: number, width: number]>;

/**
 * Undoes {@link maxPool2dWithIndices} as far as it can, as `torch.nn.functional.max_unpool2d`: each maximum goes back to where it was,
 * all else is 0.
 *
 * Where windows overlap, several maxima may come from one position: they are one number there, and each gets its gradient. Numbers that
 * differ at one position are averaged; in PyTorch any of them may win.
 *
 * Zeiler & Fergus, 2014, chapter 2.1. https://arxiv.org/abs/1311.2901
 *
 * @param pooled `values` and `indices`, `[batch, height, width, channel]`
 * @returns `[batch, height, width, channel]`
 * @throws IndexError for an index outside of the output
 */
export function maxUnpool2d(
  pooled: Extremes<Tensor4D>,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: MaxUnpool2dOptions = {},
): Tensor4D {
  checkOptions("maxUnpool2d", options, ["stride", "padding", "outputSize"]);
  return maxUnpool("maxUnpool2d", pooled, kernelSize, options, ["height", "width"]) as Tensor4D;
}
