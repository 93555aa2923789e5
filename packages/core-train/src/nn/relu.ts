import { cast, lessEqual, logicalNot, relu as rectify, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

export const reluOp = defineElementwise({
  name: "PellucidRelu",
  gradientName: "PellucidReluGradient",
  value: (x) => rectify(x),
  derivative: (x) => cast(logicalNot(lessEqual(x, 0)), "float32"), // 1 at NaN, as in PyTorch
});

/** `max(0, x)`; its derivative at 0 is 0, and at NaN 1. */
export function relu<X extends Tensor>(x: X): X {
  return reluOp(x, {});
}

/** {@link relu} as a layer. */
export class ReLU extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return relu(x);
  }
}
