import { checkSizes, checkFinite } from "../check-values.ts";
import {
  greater,
  mul,
  prelu as parametric,
  type Rank,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  where,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { constant } from "../init/constant.ts";
import { initialized } from "../init/initialized.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { columnTotal } from "../op/column-sum.ts";
import { defineOp } from "../op/define-op.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { checkTensor } from "../check-tensor.ts";

const op = defineOp({
  name: "PellucidPrelu",
  inputs: { x: "float32", weight: "float32[channel]" },
  reference: ({ x, weight }): Tensor => parametric(x, weight),
  gradient: (dy, { x, weight }) => ({
    x: () => where(greater(x, 0), dy, mul(dy, weight)),
    weight: () => {
      const below = where(greater(x, 0), 0, mul(dy, x));
      if (weight.size === 1) return reshape(sum(below), [1]);
      return columnTotal(reshape(below, [x.size / weight.size, weight.size]));
    },
  }),
});

/**
 * `x` if it is positive, otherwise `weight · x`; the derivative at 0 is `weight`.
 *
 * He et al., 2015. https://arxiv.org/abs/1502.01852
 *
 * @param x `[..., channel]`
 * @param weight `[1]` or `[channel]`
 * @returns the shape of `x`
 */
export function prelu<X extends Tensor>(x: X, weight: Tensor1D): X {
  checkTensor("prelu", "x", x);
  checkTensor("prelu", "weight", weight);
  if (weight.rank !== 1 || (weight.size !== 1 && weight.size !== x.shape.at(-1))) {
    throw new ShapeError(
      `prelu: weight is [${weight.shape.join(", ")}], expected [1] or one value per channel of x, which is [${x.shape.join(", ")}].`,
    );
  }
  return op({ x, weight }, {}) as X;
}

/** Options for {@link PReLU}. */
export interface PReLUOptions {
  /** The initial value of the weight. Default: 0.25. */
  readonly init?: number;
}

/** {@link prelu} as a layer with a learned weight. */
export class PReLU extends Module implements Layer<Tensor, Tensor> {
  readonly numParameters: number;
  /** `[1]` or `[channel]` */
  readonly weight: Parameter<Rank.R1>;

  /** @param numParameters 1, or the number of channels. Default: 1. */
  constructor(numParameters = 1, options: PReLUOptions = {}) {
    super();
    checkOptions("PReLU", options, ["init"]);
    const { init = 0.25 } = options;
    checkSizes("PReLU", { numParameters });
    checkFinite("PReLU", { init });
    this.numParameters = numParameters;
    this.weight = initialized([numParameters], constant(init));
  }

  /**
   * @param x `[..., channel]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    const { numParameters, weight } = this;
    if (numParameters > 1) checkShape(`PReLU(${numParameters})`, "x", x, ["...", numParameters]);
    return prelu(x, weight);
  }
}
