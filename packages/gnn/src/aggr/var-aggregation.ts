import { checkOptions, clamp, detach } from "@pellucid/core-train";
import { cast, greater, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { segmentMean } from "../propagate/segment.ts";
import { Aggregation } from "./aggregation.ts";

/** Options for {@link VarAggregation} and {@link StdAggregation}. */
export interface VarAggregationOptions {
  /** Whether the mean of squares gets no gradient. Default: false. */
  readonly semiGrad?: boolean;
}

/** The variance of each group: `mean(x²) - mean(x)²`; 0 for an empty one. */
export class VarAggregation extends Aggregation {
  readonly semiGrad: boolean;

  constructor(options: VarAggregationOptions = {}) {
    super();
    checkOptions("VarAggregation", options, ["semiGrad"]);
    this.semiGrad = options.semiGrad ?? false;
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const mean = segmentMean(x, groups, size);
    const given = this.semiGrad ? detach(x) : x;
    return sub(segmentMean(mul(given, given), groups, size), mul(mean, mean));
  }
}

/**
 * The standard deviation of each group: `√variance`, and 0 without a gradient where the variance is 1e-5 or less.
 */
export class StdAggregation extends Aggregation {
  readonly varAggr: VarAggregation;

  constructor(options: VarAggregationOptions = {}) {
    super();
    checkOptions("StdAggregation", options, ["semiGrad"]);
    this.varAggr = new VarAggregation(options);
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const deviation = sqrt(clamp(this.varAggr.reduce(x, groups, size), 1e-5, Infinity));
    return mul(deviation, cast(greater(deviation, Math.fround(Math.sqrt(1e-5))), "float32"));
  }
}
