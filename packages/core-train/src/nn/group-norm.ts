import { checkSizes, checkNotNegative } from "../check-values.ts";
import { ones, type Rank, type Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { constant } from "../init/constant.ts";
import { initialized } from "../init/initialized.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { groupNorm } from "../op/group-norm.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";

/** Options for {@link GroupNorm}. */
export interface GroupNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** Whether to learn a weight and a bias per channel. Default: true. */
  readonly affine?: boolean;
}

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and variance of each example over each group of consecutive
 * channels.
 *
 * Wu and He, 2018. https://arxiv.org/abs/1803.08494
 */
export class GroupNorm extends Module implements Layer<Tensor, Tensor> {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  /** `[channel]`, initially 1. */
  readonly weight: Parameter<Rank.R1> | null;
  /** `[channel]`, initially 0. */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    checkOptions("GroupNorm", options, ["eps", "affine"]);
    checkSizes("GroupNorm", { numGroups, numChannels });
    if (numChannels % numGroups !== 0) {
      throw new OptionError("GroupNorm", "numGroups", numGroups, `a divisor of ${numChannels} channels`);
    }
    const { eps = 1e-5, affine = true } = options;
    checkNotNegative("GroupNorm", { eps });
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? initialized([numChannels], constant(1)) : null;
    this.bias = affine ? initialized([numChannels], constant(0)) : null;
  }

  /**
   * @param x `[batch, ..., channel]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    const { numGroups, numChannels, eps, weight, bias } = this;
    const spatial = x.shape.slice(1, -1).map(() => "size");
    checkShape(`GroupNorm(${numGroups}, ${numChannels})`, "x", x, ["batch", ...spatial, numChannels]);
    return tidy(
      () => groupNorm(x, numGroups, weight ?? ones([numChannels]), bias ?? zeros([numChannels]), eps).y,
    );
  }
}
