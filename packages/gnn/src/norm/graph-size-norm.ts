import { mul, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { countsOf } from "../propagate/segment.ts";
import { oneGraph } from "./one-graph.ts";
import { type Graphs, GraphwiseNorm } from "./norm-input.ts";

/**
 * Divides by the root of the number of nodes of each graph: `x / √n`.
 *
 * Dwivedi et al., 2020. Benchmarking graph neural networks. https://arxiv.org/abs/2003.00982
 */
export class GraphSizeNorm extends GraphwiseNorm {
  protected readonly features = null;

  protected normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D {
    const { groups, size } = graphs ?? oneGraph(x.shape[0]);
    const roots = tensor2d(
      countsOf(groups, size).map((n) => 1 / Math.sqrt(Math.max(1, n))),
      [size, 1],
    );
    return mul(x, gatherRows(roots, groups.target));
  }
}
