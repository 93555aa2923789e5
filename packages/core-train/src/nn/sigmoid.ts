import { mul, sigmoid as logistic, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidSigmoid",
  value: (x) => logistic(x),
  derivative: (_x, _attributes, y) => mul(y, sub(1, y)),
});

/** `1 / (1 + exp(-x))` */
export function sigmoid<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link sigmoid} as a layer. */
export class Sigmoid extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return sigmoid(x);
  }
}
