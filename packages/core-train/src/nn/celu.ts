import { OptionError } from "../option-error.ts";
import { checkFinite } from "../check-values.ts";
import { div, exp, greater, lessEqual, mul, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { expm1 } from "../op/expm1.ts";
import { minimum } from "../op/minimum.ts";

/** Options for {@link celu}. */
export interface CELUOptions {
  /** The negative of the limit at -∞. Default: 1. */
  readonly alpha?: number;
}

const op = defineElementwise({
  name: "PellucidCelu",
  value: (x, { alpha }: Required<CELUOptions>) =>
    where(greater(x, 0), x, mul(expm1(div(minimum(x, 0), alpha)), alpha)),
  derivative: (x, { alpha }) => where(lessEqual(x, 0), exp(div(minimum(x, 0), alpha)), 1), // 1 at NaN, as in PyTorch
});

/**
 * `x` if it is positive, otherwise `alpha (exp(x / alpha) - 1)`: an ELU that is continuously differentiable for every `alpha`.
 *
 * Barron, 2017. https://arxiv.org/abs/1704.07483
 */
export function celu<X extends Tensor>(x: X, { alpha = 1 }: CELUOptions = {}): X {
  checkAlpha("celu", alpha);
  return op(x, { alpha });
}

/** {@link celu} as a layer. */
export class CELU extends Module implements Layer<Tensor, Tensor> {
  readonly alpha: number;

  constructor(options: CELUOptions = {}) {
    super();
    checkOptions("CELU", options, ["alpha"]);
    const { alpha = 1 } = options;
    checkAlpha("CELU", alpha);
    this.alpha = alpha;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return celu(x, this);
  }
}

/** @throws {OptionError} Unless `alpha` is finite and not 0. */
function checkAlpha(caller: string, alpha: number): void {
  checkFinite(caller, { alpha });
  if (alpha === 0) throw new OptionError(caller, "alpha", alpha, "a number other than 0");
}
