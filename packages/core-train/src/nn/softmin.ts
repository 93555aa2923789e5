import { checkIntegers } from "../check-values.ts";
import { neg, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { softmax } from "../op/softmax.ts";
import { checkTensor } from "../check-tensor.ts";

/**
 * {@link softmax} of `-x`: the smallest value gets the largest weight.
 *
 * @param axis Default: the last.
 * @returns the shape of `x`
 */
export function softmin<X extends Tensor>(x: X, axis = -1): X {
  checkTensor("softmin", "x", x);
  return tidy(() => softmax(neg(x), axis));
}

/** {@link softmin} as a layer. */
export class Softmin extends Module implements Layer<Tensor, Tensor> {
  readonly axis: number;

  /** @param axis along which the values sum to 1. Default: the last. */
  constructor(axis = -1) {
    super();
    checkIntegers("Softmin", { axis });
    this.axis = axis;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return softmin(x, this.axis);
  }
}
