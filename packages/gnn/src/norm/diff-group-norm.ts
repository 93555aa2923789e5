import {
  BatchNorm1d,
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Linear,
  type Layer,
  Module,
  type Rng,
  softmax,
} from "@pellucid/core-train";
import { add, expandDims, mul, type Rank, reshape, sum, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { redraw } from "../redraw.ts";
import type { NormInput } from "./norm-input.ts";

/** Options for {@link DiffGroupNorm}. */
export interface DiffGroupNormOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How much the groups count. Default: 0.01. */
  readonly lamda?: number;
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** The weight of a batch in running statistics. Default: 0.1. */
  readonly momentum?: number;
  /** Whether to learn weights and biases. Default: true. */
  readonly affine?: boolean;
  /** Whether inference uses running statistics. Default: true. */
  readonly trackRunningStats?: boolean;
}

/**
 * Normalizes learned groups of nodes apart: `x + λ Σ_g BatchNorm(s_g x)` with `s = softmax(x U)`.
 *
 * Zhou et al., 2020. Towards deeper graph neural networks with differentiable group normalization. https://arxiv.org/abs/2006.06972
 */
export class DiffGroupNorm extends Module implements Layer<NormInput, Tensor2D> {
  readonly inChannels: number;
  readonly groups: number;
  readonly lamda: number;
  readonly lin: Linear;
  readonly norm: BatchNorm1d;

  constructor(inChannels: number, groups: number, options: DiffGroupNormOptions) {
    super();
    checkRng("DiffGroupNorm", options);
    checkOptions("DiffGroupNorm", options, [
      "rng",
      "lamda",
      "eps",
      "momentum",
      "affine",
      "trackRunningStats",
    ]);
    checkSizes("DiffGroupNorm", { inChannels, groups });
    const { rng, lamda = 0.01, ...rest } = options;
    checkFinite("DiffGroupNorm", { lamda });
    this.inChannels = inChannels;
    this.groups = groups;
    this.lamda = lamda;
    this.norm = new BatchNorm1d(groups * inChannels, rest);
    this.lin = new Linear(inChannels, groups, { rng, bias: false });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.lin, rng);
  }

  /** @returns the shape of `x` */
  forward({ x }: NormInput): Tensor2D {
    const { inChannels, groups, lamda } = this;
    checkShape(`DiffGroupNorm(${inChannels}, ${groups})`, "x", x, ["node", inChannels]);
    const nodes = x.shape[0];
    return tidy(() => {
      const shares = softmax(this.lin.forward(x)); // [node, group]
      const parts = mul(expandDims(shares, 2), expandDims(x, 1)); // [node, group, feature]
      const normal = this.norm.forward(reshape<Rank.R2>(parts, [nodes, groups * inChannels]));
      return add(x, mul(sum(reshape<Rank.R3>(normal, [nodes, groups, inChannels]), 1), lamda));
    });
  }
}
