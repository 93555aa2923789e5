import { logSumExp, softplus } from "@pellucid/core-train";
import { any, fill, greater, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";

/**
 * `log Σ exp(x)` of what a mask keeps along an axis, which stays with length 1; 0 where it keeps nothing.
 *
 * @param addOne whether 1 is added within the logarithm
 * @param mask of the shape of `x`, 1 for what is kept
 */
export function maskedLogSumExp(x: Tensor, mask: Tensor, axis = 1, addOne = false): Tensor {
  const keeps = greater(mask, 0);
  const total = logSumExp(where(keeps, x, fill(x.shape, -Infinity)), axis, true);
  const hasAny = any(keeps, axis, true);
  const finite = where(hasAny, total, zerosLike(total));
  return where(hasAny, addOne ? softplus(finite) : finite, zerosLike(finite));
}
