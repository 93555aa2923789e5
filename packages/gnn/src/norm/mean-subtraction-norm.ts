import { sub, type Tensor2D } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { segmentMean } from "../propagate/segment.ts";
import { oneGraph } from "./one-graph.ts";
import { type Graphs, GraphwiseNorm } from "./norm-input.ts";

/**
 * Subtracts the mean of each feature over the nodes of each graph.
 *
 * Yang et al., 2020. Revisiting "over-smoothing" in deep GCNs. https://arxiv.org/abs/2003.13663
 */
export class MeanSubtractionNorm extends GraphwiseNorm {
  protected readonly features = null;

  protected normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D {
    const { groups, size } = graphs ?? oneGraph(x.shape[0]);
    return sub(x, gatherRows(segmentMean(x, groups, size), groups.target));
  }
}
