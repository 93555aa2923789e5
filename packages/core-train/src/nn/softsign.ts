import { add, div, reciprocal, square, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { abs } from "../op/abs.ts";

const op = defineElementwise({
  name: "PellucidSoftsign",
  value: (x) => div(x, add(abs(x), 1)),
  derivative: (x) => reciprocal(square(add(abs(x), 1))),
});

/** `x / (1 + |x|)` */
export function softsign<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link softsign} as a layer. */
export class Softsign extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return softsign(x);
  }
}
