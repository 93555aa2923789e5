import { checkArguments, checkChoice, checkOptions, checkSizes } from "@pellucid/core-train";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { groupCount, groupsOf } from "./groups.ts";
import { segmentMax, segmentMean, segmentMin, segmentMul, segmentSoftmax, segmentSum } from "./segment.ts";

const reductions = {
  sum: segmentSum,
  add: segmentSum,
  mean: segmentMean,
  max: segmentMax,
  min: segmentMin,
  mul: segmentMul,
};

/** Options for {@link scatter}. */
export interface ScatterOptions {
  /** How many groups there are. Default: one more than the last of `index`. */
  readonly size?: number;
  /** Default: `"sum"`. */
  readonly reduce?: keyof typeof reductions;
}

/**
 * Reduces the rows of each group: `yᵢ = reduce of xₑ over all e with index[e] = i`. An empty group gives 0, and 1 for `"mul"`.
 *
 * PyG's `scatter` over the first axis. Where several rows are the largest (or smallest) they share the gradient evenly, as there; but PyG 2.8
 * loses a part of it where that value is exactly 0, which here it does not.
 *
 * @param x `[row, …]`
 * @param index int32 `[row]`, in any order
 * @returns `[group, …]`
 * @throws {IndexError} If a group does not exist.
 */
export function scatter<T extends Tensor>(x: T, index: Tensor1D, options: ScatterOptions = {}): T {
  checkArguments("scatter", { tensor: { x, index } });
  checkOptions("scatter", options, ["size", "reduce"]);
  const { reduce = "sum", size = groupCount("scatter", index) } = options;
  checkChoice("scatter", "reduce", reduce, Object.keys(reductions) as [string]);
  checkSizes("scatter", { size }, 0);
  return reductions[reduce](x, groupsOf("scatter", index, x.shape[0] ?? 0, size), size);
}

/** Options for {@link scatterSoftmax}. */
export interface ScatterSoftmaxOptions {
  /** How many groups there are. Default: one more than the last of `index`. */
  readonly size?: number;
}

/**
 * Softmax over the rows of each group: `exp(xₑ) / Σ exp(xₖ)` over all `k` with `index[k] = index[e]`, each column for itself. The largest of
 * each group is subtracted first, so numbers of any size do.
 *
 * PyG's `softmax(src, index)`.
 *
 * @param x `[row, …]`
 * @param index int32 `[row]`, in any order
 * @returns of the shape of `x`
 * @throws {IndexError} If a group does not exist.
 */
export function scatterSoftmax<T extends Tensor>(
  x: T,
  index: Tensor1D,
  options: ScatterSoftmaxOptions = {},
): T {
  checkArguments("scatterSoftmax", { tensor: { x, index } });
  checkOptions("scatterSoftmax", options, ["size"]);
  const { size = groupCount("scatterSoftmax", index) } = options;
  checkSizes("scatterSoftmax", { size }, 0);
  return segmentSoftmax(x, groupsOf("scatterSoftmax", index, x.shape[0] ?? 0, size), size);
}
