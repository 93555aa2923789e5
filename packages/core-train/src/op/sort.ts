import type { Tensor } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { resolveAxis } from "./resolve-axis.ts";
import { topk } from "./topk.ts";
import { sizeAlong } from "./size-along.ts";

/**
 * The numbers along an axis in order, and where they were, as `torch.sort(x, stable=True)`: those that tie stay in order.
 *
 * @param axis Default: the last.
 */
export function sort<T extends Tensor>(x: T, axis = -1, descending = false): Extremes<T> {
  const along = resolveAxis("sort", axis, x);
  return topk(x, sizeAlong(x, along), along, descending);
}
