import { checkFinite, checkOptions, checkPositive, norm } from "@pellucid/core-train";
import { add, div, mul, sqrt, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { rowSquares, segmentMean } from "../propagate/segment.ts";
import { oneGraph } from "./one-graph.ts";
import { type Graphs, GraphwiseNorm } from "./norm-input.ts";

/** Options for {@link PairNorm}. */
export interface PairNormOptions {
  /** The factor of the result. Default: 1. */
  readonly scale?: number;
  /** Whether each node is scaled to the same length, rather than all by one number. Default: false. */
  readonly scaleIndividually?: boolean;
  /** Added to what is divided by. Default: 1e-5. */
  readonly eps?: number;
}

/**
 * Keeps nodes apart on average: `s (x - mean) / √(mean ‖x - mean‖² + eps)`, over the nodes of each graph.
 *
 * Zhao and Akoglu, 2020. PairNorm: tackling oversmoothing in GNNs. https://arxiv.org/abs/1909.12223
 */
export class PairNorm extends GraphwiseNorm {
  readonly scale: number;
  readonly scaleIndividually: boolean;
  readonly eps: number;
  protected readonly features = null;

  constructor(options: PairNormOptions = {}) {
    super();
    checkOptions("PairNorm", options, ["scale", "scaleIndividually", "eps"]);
    const { scale = 1, scaleIndividually = false, eps = 1e-5 } = options;
    checkFinite("PairNorm", { scale });
    checkPositive("PairNorm", { eps });
    this.scale = scale;
    this.scaleIndividually = scaleIndividually;
    this.eps = eps;
  }

  protected normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D {
    const { scale, eps } = this;
    const { groups, size } = graphs ?? oneGraph(x.shape[0]);
    const centered = sub(x, gatherRows(segmentMean(x, groups, size), groups.target)) as Tensor2D;
    const scaled = mul(centered, scale);
    if (this.scaleIndividually) return div(scaled, add(norm(centered, 2, 1, true), eps));
    const spread = segmentMean(rowSquares(centered), groups, size); // [graph, 1]
    return div(scaled, sqrt(add(gatherRows(spread, groups.target), eps)));
  }
}
