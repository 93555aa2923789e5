import { OptionError } from "../option-error.ts";
import { checkFinite } from "../check-values.ts";
import { add, div, greater, mul, relu, sigmoid, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { smoothCorner } from "./smooth-corner.ts";

/** Options for {@link softplus}. */
export interface SoftplusOptions {
  /** The larger, the closer to ReLU. Default: 1. */
  readonly beta?: number;
  /** The function is linear where `beta · x` is above it. Default: 20. */
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
  checkSoftplus("softplus", beta, threshold);
  return softplusOp(x, { beta, threshold });
}

/** {@link softplus} as a layer. */
export class Softplus extends Module implements Layer<Tensor, Tensor> {
  readonly beta: number;
  readonly threshold: number;

  constructor(options: SoftplusOptions = {}) {
    super();
    checkOptions("Softplus", options, ["beta", "threshold"]);
    const { beta = 1, threshold = 20 } = options;
    checkSoftplus("Softplus", beta, threshold);
    this.beta = beta;
    this.threshold = threshold;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return softplus(x, this);
  }
}

/** @throws {OptionError} Unless both are finite and `beta` is not 0. */
function checkSoftplus(caller: string, beta: number, threshold: number): void {
  checkFinite(caller, { beta, threshold });
  if (beta === 0) throw new OptionError(caller, "beta", beta, "a number other than 0");
}
