import { square, sub, tanh as hyperbolicTangent, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidTanh",
  value: (x) => hyperbolicTangent(x),
  derivative: (_x, _attributes, y) => sub(1, square(y)),
});

/** `(exp(x) - exp(-x)) / (exp(x) + exp(-x))` */
export function tanh<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link tanh} as a layer. */
export class Tanh extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return tanh(x);
  }
}
