import { add, div, equal, exp, log, mul, neg, sub, type Tensor, where } from "@tensorflow/tfjs-core";
import { abs } from "../op/abs.ts";

/**
 * `log(1 + exp(-|x|))`: the difference of softplus and ReLU. It does not overflow, and stays accurate for tiny results, for which
 * `log1p` on WASM returns 0.
 *
 * Kahan's method: the factor `u / ((1 + u) - 1)` corrects the rounding of `1 + u`.
 */
export function smoothCorner(x: Tensor): Tensor {
  const u = exp(neg(abs(x)));
  const above = add(u, 1);
  const rounded = sub(above, 1);
  return where(equal(rounded, 0), u, div(mul(log(above), u), rounded));
}
