import { relu } from "@pellucid/core-train";
import { add, div, greaterEqual, neg, type Tensor, tidy, where } from "@tensorflow/tfjs-core";

/**
 * A softplus whose tail to the left falls slowly, `1 + x` from 0 on and `1 / (1 − x)` below: always above 0, and of slope 1 at 0.
 *
 * It makes Mamba-3's rates of decay.
 */
export function heavyTail<T extends Tensor>(x: T): T {
  return tidy(() => where(greaterEqual(x, 0), add(x, 1), div(1, add(relu(neg(x)), 1))) as T);
}
