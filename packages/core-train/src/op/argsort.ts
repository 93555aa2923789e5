import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { resolveAxis } from "./resolve-axis.ts";
import { sort } from "./sort.ts";

/**
 * Where along an axis the first number in order is, the second, …, as `torch.argsort(x, stable=True)`: the indices of
 * {@link sort}, int32.
 *
 * @param axis Default: the last.
 */
export function argsort<T extends Tensor>(x: T, axis = -1, descending = false): T {
  const along = resolveAxis("argsort", axis, x);
  return tidy(() => sort(x, along, descending).indices);
}
