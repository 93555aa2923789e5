import { checkSizes, noGrad } from "@pellucid/core-train";
import { concat, reshape, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { batchOfNodes, graphCount, type NodesOfGraphs } from "./graph-pools.ts";
import { syncValues } from "./sync-values.ts";
import { byGraphDescending } from "./select-top-k.ts";

/**
 * The first `k` nodes of each graph in descending order of their last feature, one after the other; a smaller graph is padded with zeros. PyG's `SortAggregation`.
 *
 * Zhang et al., 2018. An end-to-end deep learning architecture for graph classification. https://doi.org/10.1609/aaai.v32i1.11782
 *
 * @returns `[graph, k · feature]`
 */
export function globalSortPool(graph: NodesOfGraphs, k: number): Tensor2D {
  const graphs = graphCount("globalSortPool", graph);
  checkSizes("globalSortPool", { k });
  const [nodes, features] = graph.x.shape;
  return tidy(() => {
    const batch = noGrad(() => syncValues(batchOfNodes(graph)));
    const values = noGrad(() => syncValues(graph.x));
    const keys = Float32Array.from({ length: nodes }, (_, v) => values[(v + 1) * features - 1] ?? NaN);
    const rows = byGraphDescending(keys, batch, graphs).flatMap((order) =>
      Array.from({ length: k }, (_, i) => order[i] ?? nodes),
    );
    const padded = concat([graph.x, zeros<Tensor2D["rankType"]>([1, features])], 0); // [node + 1, feature]
    return reshape(gatherRows(padded, Int32Array.from(rows)), [graphs, k * features]);
  });
}
