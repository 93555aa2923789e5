import { add, mul, sigmoid, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineOp } from "../op/define-op.ts";

const op = defineOp<{ x: Tensor }, object, Tensor>({
  name: "PellucidSilu",
  inputs: ["x"],
  reference: ({ x }) => mul(x, sigmoid(x)),
  gradient: (dy, { x }) => ({ x: () => opGradient({ x, dy }, {}) }),
});

const opGradient = defineOp<{ x: Tensor; dy: Tensor }, object, Tensor>({
  name: "PellucidSiluGradient",
  inputs: ["x", "dy"],
  reference: ({ x, dy }) => {
    const s = sigmoid(x);
    return mul(dy, mul(s, add(mul(x, sub(1, s)), 1)));
  },
  gradient: "reference",
});

/**
 * `x · sigmoid(x)`, also known as swish.
 *
 * Elfwing et al., 2017. https://arxiv.org/abs/1702.03118
 */
export function silu<X extends Tensor>(x: X): X {
  return op({ x }, {}) as X;
}

/** {@link silu} as a layer. */
export class SiLU extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return silu(x);
  }
}
