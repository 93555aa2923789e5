import { add, div, greater, mul, relu, sigmoid, type Tensor, where } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { smoothCorner } from "./smooth-corner.ts";

/** The shape of {@link softplus}. */
export interface SoftplusOptions {
  /** The larger, the nearer to ReLU. Default: 1. */
  readonly beta?: number;
  /** Where `beta · x` is above it, the value is `x` itself. Default: 20. */
  readonly threshold?: number;
}

export const softplusOp = defineElementwise({
  name: "PellucidSoftplus",
  value: (x, { beta, threshold }: Required<SoftplusOptions>) => {
    const z = mul(x, beta);
    const smooth = div(add(relu(z), smoothCorner(z)), beta);
    return where(greater(z, threshold), x, smooth);
  },
  derivative: (x, { beta, threshold }) => {
    const z = mul(x, beta);
    return where(greater(z, threshold), 1, sigmoid(z));
  },
});

/** `log(1 + exp(beta · x)) / beta`: a smooth ReLU. */
export function softplus<X extends Tensor>(x: X, { beta = 1, threshold = 20 }: SoftplusOptions = {}): X {
  return softplusOp(x, { beta, threshold });
}

/** {@link softplus} as a layer. */
export class Softplus extends Module implements Layer<Tensor, Tensor> {
  readonly beta: number;
  readonly threshold: number;

  constructor({ beta = 1, threshold = 20 }: SoftplusOptions = {}) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return softplus(x, this);
  }
}
