import { add, mul, sigmoid, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

export const siluOp = defineElementwise({
  name: "PellucidSilu",
  gradientName: "PellucidSiluGradient",
  value: (x) => mul(x, sigmoid(x)),
  derivative: (x) => {
    const s = sigmoid(x);
    return mul(s, add(mul(x, sub(1, s)), 1));
  },
});

/**
 * `x · sigmoid(x)`, also known as swish.
 *
 * Elfwing et al., 2017. https://arxiv.org/abs/1702.03118
 */
export function silu<X extends Tensor>(x: X): X {
  return siluOp(x, {});
}

/** {@link silu} as a layer. */
export class SiLU extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return silu(x);
  }
}
