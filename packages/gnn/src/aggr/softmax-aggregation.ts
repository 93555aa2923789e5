import {
  checkFinite,
  checkOptions,
  checkShape,
  checkSizes,
  detach,
  init,
  initialized,
  OptionError,
  type Parameter,
} from "@pellucid/core-train";
import { mul, type Rank, type Tensor } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { segmentSoftmax, segmentSum } from "../propagate/segment.ts";
import { Aggregation } from "./aggregation.ts";

/** Options for {@link SoftmaxAggregation}. */
export interface SoftmaxAggregationOptions {
  /** The inverse temperature. Default: 1. */
  readonly t?: number;
  /** Whether `t` is learned. Default: false. */
  readonly learn?: boolean;
  /** Whether the weights get no gradient. Default: false. */
  readonly semiGrad?: boolean;
  /** How many `t` are learned: one for all features, or one for each. Default: 1. */
  readonly channels?: number;
}

/**
 * A mean weighted by softmax: `Σ softmax(t x)ᵢ xᵢ`, for each feature.
 *
 * Li et al., 2020. DeeperGCN: all you need to train deeper GCNs. https://arxiv.org/abs/2006.07739
 */
export class SoftmaxAggregation extends Aggregation {
  readonly learn: boolean;
  readonly semiGrad: boolean;
  /** A number, or `[1]` or `[feature]` where it is learned. */
  readonly t: Parameter<Rank.R1> | number;

  constructor(options: SoftmaxAggregationOptions = {}) {
    super();
    checkOptions("SoftmaxAggregation", options, ["t", "learn", "semiGrad", "channels"]);
    const { t = 1, learn = false, semiGrad = false, channels = 1 } = options;
    checkFinite("SoftmaxAggregation", { t });
    checkSizes("SoftmaxAggregation", { channels });
    if (learn && semiGrad)
      throw new OptionError("SoftmaxAggregation", "semiGrad", true, "false where t is learned");
    if (!learn && channels !== 1)
      throw new OptionError("SoftmaxAggregation", "channels", channels, "1 where t is not learned");
    this.learn = learn;
    this.semiGrad = semiGrad;
    this.t = learn ? initialized<Rank.R1>([channels], init.constant(t)) : t;
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const { t, semiGrad } = this;
    if (typeof t !== "number" && t.size > 1) checkShape("SoftmaxAggregation", "x", x, ["row", t.size]);
    const weights = segmentSoftmax(t === 1 ? x : mul(x, t), groups, size);
    return segmentSum(mul(x, semiGrad ? detach(weights) : weights), groups, size);
  }
}
