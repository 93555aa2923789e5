import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { orderAlong } from "./order-along.ts";
import { resolveAxis } from "./resolve-axis.ts";

/**
 * Where along an axis the first number in order is, the second, …, as `torch.argsort(x, stable=True)`: the indices of
 * {@link sort}, int32.
 *
 * @param axis Default: the last.
 */
export function argsort<T extends Tensor>(x: T, axis = -1, descending = false): T {
  const along = resolveAxis("argsort", axis, x.rank);
  return tidy(() => orderAlong(x, along, x.shape[along] as number, descending)) as T;
}
