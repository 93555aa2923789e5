import { checkIntegers } from "../check-values.ts";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { logSoftmax } from "../op/log-softmax.ts";

/** {@link logSoftmax} as a layer. */
export class LogSoftmax extends Module implements Layer<Tensor, Tensor> {
  readonly axis: number;

  /** @param axis along which the exponentials sum to 1. Default: the last, the axis of channels and classes. */
  constructor(axis = -1) {
    super();
    checkIntegers("LogSoftmax", { axis });
    this.axis = axis;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return logSoftmax(x, this.axis);
  }
}
