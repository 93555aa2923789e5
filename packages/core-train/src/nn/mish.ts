import { add, div, exp, mul, sigmoid, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { minimum } from "../op/minimum.ts";

const op = defineElementwise({
  name: "PellucidMish",
  value: (x) => mul(x, tanhSoftplus(x)),
  derivative: (x) => {
    const t = tanhSoftplus(x);
    return add(t, mul(mul(x, sigmoid(x)), sub(1, square(t))));
  },
});

/**
 * `x · tanh(softplus(x))`.
 *
 * Misra, 2019. https://arxiv.org/abs/1908.08681
 */
export function mish<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link mish} as a layer. */
export class Mish extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return mish(x);
  }
}

/** `tanh(log(1 + n)) = (n² + 2n) / (n² + 2n + 2)` with `n = exp(x)`; from 20 on it is 1 in 32 bits, and `n²` does not overflow. */
function tanhSoftplus(x: Tensor): Tensor {
  const n = exp(minimum(x, 20));
  const m = mul(n, add(n, 2));
  return div(m, add(m, 2));
}
