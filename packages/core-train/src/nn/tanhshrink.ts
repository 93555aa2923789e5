import { square, sub, tanh, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidTanhshrink",
  value: (x) => sub(x, tanh(x)),
  derivative: (x) => square(tanh(x)),
});

/** `x - tanh(x)` */
export function tanhshrink<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link tanhshrink} as a layer. */
export class Tanhshrink extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return tanhshrink(x);
  }
}
