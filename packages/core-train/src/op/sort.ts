import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { orderAlong } from "./order-along.ts";
import { resolveAxis } from "./resolve-axis.ts";
import { takeAlongAxis } from "./take-along-axis.ts";

/**
 * The numbers along an axis in order, and where they were, as `torch.sort(x, stable=True)`: those that tie stay in order.
 *
 * @param axis Default: the last.
 */
export function sort<T extends Tensor>(x: T, axis = -1, descending = false): Extremes<T> {
  const along = resolveAxis("sort", axis, x.rank);
  return tidy(() => {
    const indices = orderAlong(x, along, x.shape[along] as number, descending) as T;
    return { values: takeAlongAxis<T>(x, indices, along), indices };
  });
}
