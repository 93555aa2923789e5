import {
  checkOptions,
  checkPositive,
  checkSizes,
  init,
  initialized,
  type Parameter,
} from "@pellucid/core-train";
import { add, div, mul, type Rank, sqrt, square, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { segmentMean } from "../propagate/segment.ts";
import { oneGraph } from "./one-graph.ts";
import { type Graphs, GraphwiseNorm } from "./norm-input.ts";

/** Options for {@link GraphNorm}. */
export interface GraphNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
}

/**
 * Normalizes each feature over the nodes of each graph, with a learned share `α` of the mean: `(x - α mean) / √(mean((x - α mean)²) + eps) · weight + bias`.
 *
 * Cai et al., 2021. GraphNorm. https://arxiv.org/abs/2009.03294
 */
export class GraphNorm extends GraphwiseNorm {
  readonly eps: number;
  /** `[feature]` */
  readonly weight: Parameter<Rank.R1>;
  /** `[feature]` */
  readonly bias: Parameter<Rank.R1>;
  /** `[feature]` */
  readonly meanScale: Parameter<Rank.R1>;
  protected readonly features: number;

  constructor(inChannels: number, options: GraphNormOptions = {}) {
    super();
    checkOptions("GraphNorm", options, ["eps"]);
    checkSizes("GraphNorm", { inChannels });
    const { eps = 1e-5 } = options;
    checkPositive("GraphNorm", { eps });
    this.eps = eps;
    this.features = inChannels;
    this.weight = initialized<Rank.R1>([inChannels], init.ones());
    this.bias = initialized<Rank.R1>([inChannels], init.zeros());
    this.meanScale = initialized<Rank.R1>([inChannels], init.ones());
  }

  protected normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D {
    const { groups, size } = graphs ?? oneGraph(x.shape[0]);
    const mean = gatherRows(segmentMean(x, groups, size), groups.target);
    const centered = sub(x, mul(mean, this.meanScale)) as Tensor2D;
    const deviation = sqrt(add(segmentMean(square(centered), groups, size), this.eps)) as Tensor2D;
    return add(div(mul(centered, this.weight), gatherRows(deviation, groups.target)), this.bias);
  }
}
