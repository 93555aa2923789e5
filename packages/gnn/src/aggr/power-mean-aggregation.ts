import {
  checkFinite,
  checkOptions,
  checkShape,
  checkSizes,
  clamp,
  init,
  initialized,
  OptionError,
  type Parameter,
} from "@pellucid/core-train";
import { div, pow, type Rank, scalar, type Tensor } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { segmentMean } from "../propagate/segment.ts";
import { Aggregation } from "./aggregation.ts";

/** Options for {@link PowerMeanAggregation}. */
export interface PowerMeanAggregationOptions {
  /** The power. Default: 1. */
  readonly p?: number;
  /** Whether `p` is learned. Default: false. */
  readonly learn?: boolean;
  /** How many `p` are learned: one for all features, or one for each. Default: 1. */
  readonly channels?: number;
  /** The least value that is raised to a power. Default: 1e-4. */
  readonly clampMin?: number;
  /** The largest value that is raised to a power. Default: 100. */
  readonly clampMax?: number;
}

/**
 * The power mean of each group: `(Σ xᵢᵖ / n)^(1 / p)`, of values clamped between `clampMin` and `clampMax`. With `p` of 1, which is not learned, a mean.
 *
 * Li et al., 2020. DeeperGCN: all you need to train deeper GCNs. https://arxiv.org/abs/2006.07739
 */
export class PowerMeanAggregation extends Aggregation {
  readonly learn: boolean;
  readonly clampMin: number;
  readonly clampMax: number;
  /** A number, or `[1]` or `[feature]` where it is learned. */
  readonly p: Parameter<Rank.R1> | number;

  constructor(options: PowerMeanAggregationOptions = {}) {
    super();
    checkOptions("PowerMeanAggregation", options, ["p", "learn", "channels", "clampMin", "clampMax"]);
    const { p = 1, learn = false, channels = 1, clampMin = 1e-4, clampMax = 100 } = options;
    checkFinite("PowerMeanAggregation", { p, clampMin, clampMax });
    checkSizes("PowerMeanAggregation", { channels });
    if (!learn && channels !== 1)
      throw new OptionError("PowerMeanAggregation", "channels", channels, "1 where p is not learned");
    this.learn = learn;
    this.clampMin = clampMin;
    this.clampMax = clampMax;
    this.p = learn ? initialized<Rank.R1>([channels], init.constant(p)) : p;
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const { p, clampMin, clampMax } = this;
    if (p === 1) return segmentMean(x, groups, size);
    if (typeof p !== "number" && p.size > 1) checkShape("PowerMeanAggregation", "x", x, ["row", p.size]);
    const power = typeof p === "number" ? scalar(p) : p;
    const raise = (values: Tensor, by: Tensor): Tensor => pow(clamp(values, clampMin, clampMax), by);
    return raise(segmentMean(raise(x, power), groups, size), div(1, power));
  }
}
