import { checkOptions, checkSizes, noGrad, OptionError, tidyLeaves } from "@pellucid/core-train";
import { concat, ones, reshape, tensor2d, type Tensor2D, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { edgesOf } from "../graph/edge-list.ts";
import type { Graph } from "../graph/graph.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { scatter } from "../propagate/scatter.ts";
import { indexOfGroups } from "../propagate/groups.ts";
import { EdgeList } from "../graph/edge-list.ts";
import { batchOfNodes, graphCount } from "./graph-pools.ts";
import { syncValues } from "./sync-values.ts";

/** Graphs as dense tensors, padded to the largest. */
export interface DenseGraphs {
  /** `[graph, node, feature]` */
  readonly x: Tensor3D;
  /** The sum of the weights of the edges from the row's node to the column's: `[graph, node, node]`. */
  readonly adj: Tensor3D;
  /** 1 where there is a node, otherwise 0: `[graph, node]`. */
  readonly mask: Tensor2D;
}

/** Options for {@link toDense}. */
export interface ToDenseOptions {
  /** How many nodes each graph has room for. Default: as many as the largest graph has. */
  readonly maxNodes?: number;
}

/** Graphs as dense tensors, as dense layers and {@link denseDiffPool} take them: PyG's `to_dense_batch` and `to_dense_adj`. */
export function toDense(graph: Graph, options: ToDenseOptions = {}): DenseGraphs {
  checkOptions("toDense", options, ["maxNodes"]);
  const graphs = graphCount("toDense", graph);
  const [nodes, features] = graph.x.shape;
  const { source, target } = edgesOf(graph.edgeIndex, "toDense");
  return tidyLeaves(() => {
    const batch = noGrad(() => syncValues(batchOfNodes(graph)));
    const counts = new Int32Array(graphs);
    const position = Int32Array.from(batch, (of) => (counts[of] = (counts[of] ?? NaN) + 1) - 1);
    const largest = counts.reduce((most, count) => Math.max(most, count), 0);
    const { maxNodes = Math.max(1, largest) } = options;
    checkSizes("toDense", { maxNodes });
    if (largest > maxNodes)
      throw new OptionError("toDense", "maxNodes", maxNodes, `${largest} or more, as the largest graph has`);
    const rows = new Int32Array(graphs * maxNodes).fill(nodes);
    for (const [v, of] of batch.entries()) rows[of * maxNodes + (position[v] ?? NaN)] = v;
    const padded = concat([graph.x, zeros<Tensor2D["rankType"]>([1, features])], 0); // [node + 1, feature]
    const cells = Int32Array.from(
      source,
      (u, e) =>
        ((batch[u] ?? NaN) * maxNodes + (position[u] ?? NaN)) * maxNodes +
        (position[target[e] ?? NaN] ?? NaN),
    );
    const index = indexOfGroups(new EdgeList(Int32Array.from(cells.keys()), cells));
    const weights = graph.edgeWeight ?? ones([source.length]);
    const summed = scatter(reshape(weights, [source.length]), index, { size: graphs * maxNodes * maxNodes });
    return {
      x: reshape(gatherRows(padded, rows), [graphs, maxNodes, features]) as Tensor3D,
      adj: reshape(summed, [graphs, maxNodes, maxNodes]) as Tensor3D,
      mask: tensor2d(
        Float32Array.from(rows, (v) => Number(v < nodes)),
        [graphs, maxNodes],
      ),
    };
  });
}
