import { abs, div, equal, exp, greater, log, mul, sub, type Tensor, where } from "@tensorflow/tfjs-core";
import { defineElementwise } from "./define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidExpm1",
  // (u − 1) · x / log(u) for u = fl(exp(x)) undoes the rounding in u: W. Kahan's, in Higham, 2002, section 1.14.1.
  value: (x) => {
    const u = exp(x);
    const plain = sub(u, 1);
    const corrected = where(equal(plain, 0), x, mul(plain, div(x, log(u))));
    return where(greater(abs(x), 0.5), plain, corrected);
  },
  slope: (x) => exp(x),
});

/** `exp(x) − 1`, precise also for a tiny `x`; tfjs' own subtracts what has been rounded on WebGPU. */
export function expm1<T extends Tensor>(x: T): T {
  return op(x, {});
}
