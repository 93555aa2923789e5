import { neg, sigmoid, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { smoothCorner } from "./smooth-corner.ts";
import { minimum } from "../op/minimum.ts";

const op = defineElementwise({
  name: "PellucidLogSigmoid",
  value: (x) => sub(minimum(x, 0), smoothCorner(x)),
  derivative: (x) => sigmoid(neg(x)),
});

/** `log(sigmoid(x))`, accurate even if `sigmoid(x)` is 0 in 32 bits. */
export function logSigmoid<X extends Tensor>(x: X): X {
  return op(x, {});
}

/** {@link logSigmoid} as a layer. */
export class LogSigmoid extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return logSigmoid(x);
  }
}
