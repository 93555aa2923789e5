import { checkFinite } from "../check-values.ts";
import { greater, leakyRelu as leak, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

/** Options for {@link leakyRelu}. */
export interface LeakyReLUOptions {
  /** The derivative below 0. Default: 0.01. */
  readonly negativeSlope?: number;
}

const op = defineElementwise({
  name: "PellucidLeakyRelu",
  value: (x, { negativeSlope }: Required<LeakyReLUOptions>) => leak(x, negativeSlope),
  derivative: (x, { negativeSlope }) => where(greater(x, 0), 1, negativeSlope),
});

/** `x` if it is positive, otherwise `negativeSlope · x`; the derivative at 0 is `negativeSlope`. The default of tfjs' `leakyRelu` is 0.2. */
export function leakyRelu<X extends Tensor>(x: X, { negativeSlope = 0.01 }: LeakyReLUOptions = {}): X {
  checkFinite("leakyRelu", { negativeSlope });
  return op(x, { negativeSlope });
}

/** {@link leakyRelu} as a layer. */
export class LeakyReLU extends Module implements Layer<Tensor, Tensor> {
  readonly negativeSlope: number;

  constructor(options: LeakyReLUOptions = {}) {
    super();
    checkOptions("LeakyReLU", options, ["negativeSlope"]);
    const { negativeSlope = 0.01 } = options;
    checkFinite("LeakyReLU", { negativeSlope });
    this.negativeSlope = negativeSlope;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return leakyRelu(x, this);
  }
}
