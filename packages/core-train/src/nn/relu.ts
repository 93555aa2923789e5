import { relu as rectify, step, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

const op = defineElementwise({ name: "PellucidRelu", value: (x) => rectify(x), derivative: (x) => step(x) });

/** `max(0, x)`; its derivative at 0 is 0. */
export function relu<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link relu} as a layer. */
export class ReLU extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return relu(x);
  }
}
