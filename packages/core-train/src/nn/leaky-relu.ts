import { greater, leakyRelu as leak, type Tensor, where } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

/** How {@link leakyRelu} leaks. */
export interface LeakyReLUOptions {
  /** The slope below 0. Default: 0.01. */
  readonly negativeSlope?: number;
}

const op = defineElementwise({
  name: "PellucidLeakyRelu",
  value: (x, { negativeSlope }: Required<LeakyReLUOptions>) => leak(x, negativeSlope),
  derivative: (x, { negativeSlope }) => where(greater(x, 0), 1, negativeSlope),
});

/** `x` where it is positive, else `negativeSlope · x`; that is also the slope at 0. tfjs' own starts from 0.2. */
export function leakyRelu<X extends Tensor>(x: X, { negativeSlope = 0.01 }: LeakyReLUOptions = {}): X {
  return op(x, { negativeSlope });
}

/** {@link leakyRelu} as a layer. */
export class LeakyReLU extends Module implements Layer<Tensor, Tensor> {
  readonly negativeSlope: number;

  constructor({ negativeSlope = 0.01 }: LeakyReLUOptions = {}) {
    super();
    this.negativeSlope = negativeSlope;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return leakyRelu(x, this);
  }
}
