import { checkIntegers } from "../check-values.ts";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { softmax } from "../op/softmax.ts";

/** {@link softmax} as a layer. */
export class Softmax extends Module implements Layer<Tensor, Tensor> {
  readonly axis: number;

  /** @param axis along which the values sum to 1. Default: the last, the axis of channels and classes. */
  constructor(axis = -1) {
    super();
    checkIntegers("Softmax", { axis });
    this.axis = axis;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return softmax(x, this.axis);
  }
}
