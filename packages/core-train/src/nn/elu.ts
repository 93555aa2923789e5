import { checkFinite } from "../check-values.ts";
import { exp, greater, lessEqual, mul, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { expm1 } from "../op/expm1.ts";
import { minimum } from "../op/minimum.ts";

/** Options for {@link elu}. */
export interface ELUOptions {
  /** The negative of the limit at -∞. Default: 1. */
  readonly alpha?: number;
}

export const eluOp = defineElementwise({
  name: "PellucidElu",
  gradientName: "PellucidEluGradient",
  value: (x, { alpha }: Required<ELUOptions>) => where(greater(x, 0), x, mul(expm1(minimum(x, 0)), alpha)),
  derivative: (x, { alpha }) => where(lessEqual(x, 0), mul(exp(minimum(x, 0)), alpha), 1), // 1 at NaN, as in PyTorch
});

/**
 * `x` if it is positive, otherwise `alpha (exp(x) - 1)`.
 *
 * Clevert et al., 2015. https://arxiv.org/abs/1511.07289
 */
export function elu<X extends Tensor>(x: X, { alpha = 1 }: ELUOptions = {}): X {
  checkFinite("elu", { alpha });
  return eluOp(x, { alpha });
}

/** {@link elu} as a layer. */
export class ELU extends Module implements Layer<Tensor, Tensor> {
  readonly alpha: number;

  constructor(options: ELUOptions = {}) {
    super();
    checkOptions("ELU", options, ["alpha"]);
    const { alpha = 1 } = options;
    checkFinite("ELU", { alpha });
    this.alpha = alpha;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return elu(x, this);
  }
}
