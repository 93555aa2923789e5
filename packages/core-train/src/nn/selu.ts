import { exp, greater, lessEqual, mul, type Tensor, where } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { expm1 } from "../op/expm1.ts";
import { minimum } from "../op/minimum.ts";

// eq. 14 of the paper: with these, mean 0 and variance 1 are a fixed point
const alpha = 1.6732632423543772;
const scale = 1.0507009873554805;

const op = defineElementwise({
  name: "PellucidSelu",
  value: (x) => where(greater(x, 0), mul(x, scale), mul(expm1(minimum(x, 0)), alpha * scale)),
  derivative: (x) => where(lessEqual(x, 0), mul(exp(minimum(x, 0)), alpha * scale), scale), // the scale at NaN, as in PyTorch
});

/**
 * `scale · x` if `x` is positive, otherwise `scale · alpha (exp(x) - 1)`, with `scale` 1.0507 and `alpha` 1.6733.
 *
 * Klambauer et al., 2017. https://arxiv.org/abs/1706.02515
 */
export function selu<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link selu} as a layer. */
export class SELU extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return selu(x);
  }
}
