import { checkFinite } from "../check-values.ts";
import { cast, lessEqual, logicalNot, type Tensor, where } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

const op = defineElementwise({
  name: "PellucidThreshold",
  value: (x, { at, value }: { readonly at: number; readonly value: number }) =>
    where(lessEqual(x, at), value, x),
  derivative: (x, { at }) => cast(logicalNot(lessEqual(x, at)), "float32"),
});

/** `x` if it is above `at`, otherwise `value`. */
export function threshold<X extends Tensor>(x: X, at: number, value: number): X {
  checkFinite("threshold", { at, value });
  return op(x, { at, value });
}

/** {@link threshold} as a layer. */
export class Threshold extends Module implements Layer<Tensor, Tensor> {
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number) {
    super();
    checkFinite("Threshold", { threshold, value });
    this.threshold = threshold;
    this.value = value;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return threshold(x, this.threshold, this.value);
  }
}
