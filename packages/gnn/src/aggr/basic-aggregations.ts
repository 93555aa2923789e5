import type { Tensor } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { segmentMax, segmentMean, segmentMin, segmentMul, segmentSum } from "../propagate/segment.ts";
import { Aggregation } from "./aggregation.ts";

/** The sum of each group: `Σ xᵢ`; 0 for an empty one. */
export class SumAggregation extends Aggregation {
  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    return segmentSum(x, groups, size);
  }
}

/** The mean of each group: `Σ xᵢ / n`; 0 for an empty one. */
export class MeanAggregation extends Aggregation {
  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    return segmentMean(x, groups, size);
  }
}

/** The largest of each group, by feature; 0 for an empty one. Those that are equally large share the gradient. */
export class MaxAggregation extends Aggregation {
  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    return segmentMax(x, groups, size);
  }
}

/** The smallest of each group, by feature; 0 for an empty one. Those that are equally small share the gradient. */
export class MinAggregation extends Aggregation {
  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    return segmentMin(x, groups, size);
  }
}

/** The product of each group: `Π xᵢ`; 1 for an empty one. */
export class MulAggregation extends Aggregation {
  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    return segmentMul(x, groups, size);
  }
}
