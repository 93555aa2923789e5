import { add, div, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { strictlyBetween } from "./strictly-between.ts";
import { maximum } from "../op/maximum.ts";
import { minimum } from "../op/minimum.ts";

const op = defineElementwise({
  name: "PellucidHardsigmoid",
  // not clipByValue: on WASM it turns NaN into 0
  value: (x) => div(minimum(maximum(add(x, 3), 0), 6), 6),
  derivative: (x) => div(strictlyBetween(x, -3, 3), 6),
});

/**
 * `x / 6 + 1/2`, clamped between 0 and 1: a piecewise linear sigmoid.
 *
 * Howard et al., 2019. https://arxiv.org/abs/1905.02244
 */
export function hardsigmoid<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link hardsigmoid} as a layer. */
export class Hardsigmoid extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return hardsigmoid(x);
  }
}
