import { checkPositive, checkFinite } from "../check-values.ts";
import { expandDims, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import {
  pairwiseDistance,
  type PairwiseDistanceOptions as DistanceOptions,
} from "../op/pairwise-distance.ts";
import { checkShape } from "../shape-error.ts";
import type { Pair } from "./pair.ts";
import { checkSameShape } from "../check-same-shape.ts";

/** Options for {@link PairwiseDistance}. */
export interface PairwiseDistanceLayerOptions extends DistanceOptions {
  /** Whether to keep the last axis, with size 1. Default: false. */
  readonly keepDims?: boolean;
}

/** {@link pairwiseDistance} as a layer. */
export class PairwiseDistance extends Module implements Layer<Pair, Tensor> {
  readonly p: number;
  readonly eps: number;
  readonly keepDims: boolean;

  constructor(options: PairwiseDistanceLayerOptions = {}) {
    super();
    checkOptions("PairwiseDistance", options, ["keepDims", "p", "eps"]);
    const { p = 2, eps = 1e-6, keepDims = false } = options;
    checkPositive("PairwiseDistance", { p });
    checkFinite("PairwiseDistance", { eps });
    this.p = p;
    this.eps = eps;
    this.keepDims = keepDims;
  }

  /**
   * @param pair `x1` and `x2`, `[..., feature]`
   * @returns `[...]`, with `keepDims` `[..., 1]`
   */
  forward({ x1, x2 }: Pair): Tensor {
    checkShape("PairwiseDistance", "x1", x1, ["...", "feature"]);
    checkSameShape("PairwiseDistance", { x1, x2 });
    return tidy(() => {
      const distance = pairwiseDistance(x1, x2, { p: this.p, eps: this.eps });
      return this.keepDims ? expandDims(distance, -1) : distance;
    });
  }
}
