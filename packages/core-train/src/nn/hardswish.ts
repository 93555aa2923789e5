import { add, div, less, lessEqual, mul, type Tensor, where } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { clamp } from "../op/clamp.ts";

const op = defineElementwise({
  name: "PellucidHardswish",
  value: (x) => div(mul(x, clamp(add(x, 3), 0, 6)), 6),
  derivative: (x) => {
    const middle = add(div(x, 3), 0.5);
    return where(lessEqual(x, -3), 0, where(less(x, 3), middle, 1)); // 1 at NaN, as in PyTorch
  },
});

/**
 * `x · hardsigmoid(x)`.
 *
 * Howard et al., 2019. https://arxiv.org/abs/1905.02244
 */
export function hardswish<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link hardswish} as a layer. */
export class Hardswish extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return hardswish(x);
  }
}
