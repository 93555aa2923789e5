import { add, div, equal, exp, log, mul, neg, sub, type Tensor, where } from "@tensorflow/tfjs-core";
import { abs } from "../op/abs.ts";

/**
 * `log(1 + exp(-|x|))`: how far a smooth corner lies from the sharp one. It cannot overflow, and is right to the last bits however
 * small it is, where `log1p` on WASM gives 0.
 *
 * Kahan's way: what rounding takes from `1 + u` is put back by `u / ((1 + u) - 1)`.
 */
export function smoothCorner(x: Tensor): Tensor {
  const u = exp(neg(abs(x)));
  const above = add(u, 1);
  const rounded = sub(above, 1);
  return where(equal(rounded, 0), u, div(mul(log(above), u), rounded));
}
