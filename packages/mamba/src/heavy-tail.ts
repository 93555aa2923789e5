import { checkTensor, relu } from "@pellucid/core-train";
import { add, div, greaterEqual, neg, type Tensor, tidy, where } from "@tensorflow/tfjs-core";

/**
 * A positive activation whose left tail falls slowly: `1 + x` from 0 on, `1 / (1 − x)` below. Its derivative at 0 is 1.
 *
 * Mamba-3 uses it for its decay rates.
 *
 * @throws {StructError} For what is not a tensor.
 */
export function heavyTail<T extends Tensor>(x: T): T {
  checkTensor("heavyTail", "x", x);
  return tidy(() => where(greaterEqual(x, 0), add(x, 1), div(1, add(relu(neg(x)), 1))) as T);
}
