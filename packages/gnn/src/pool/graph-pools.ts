import { checkRecord, checkShape, checkSizes } from "@pellucid/core-train";
import { type Tensor1D, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { groupCount } from "../propagate/groups.ts";
import { scatter } from "../propagate/scatter.ts";

/** Nodes and the graph of each. */
export interface NodesOfGraphs {
  /** `[node, feature]` */
  readonly x: Tensor2D;
  /** The graph of each node, int32 `[node]`, in any order. Default: one graph. */
  readonly batch?: Tensor1D | undefined;
  /** How many graphs there are. Default: one more than the last of `batch`. */
  readonly numGraphs?: number | undefined;
}

/** How many graphs nodes belong to. */
export function graphCount(caller: string, graph: NodesOfGraphs): number {
  checkRecord(caller, "the graph", graph, ["x"]);
  const { x, batch, numGraphs } = graph;
  checkShape(caller, "x", x, ["node", "feature"]);
  if (numGraphs !== undefined) checkSizes(caller, { numGraphs }, 0);
  return numGraphs ?? (batch === undefined ? 1 : groupCount(caller, batch));
}

/** The graph of each node; all zeros where there is one graph. */
export function batchOfNodes({ x, batch }: NodesOfGraphs): Tensor1D {
  return batch ?? zeros<Tensor1D["rankType"]>([x.shape[0]], "int32");
}

function pooled(caller: string, graph: NodesOfGraphs, reduce: "sum" | "mean" | "max"): Tensor2D {
  const size = graphCount(caller, graph);
  return tidy(() => scatter(graph.x, batchOfNodes(graph), { size, reduce }));
}

/**
 * The sum over the nodes of each graph, PyG's `global_add_pool`; 0 for a graph without nodes.
 *
 * @returns `[graph, feature]`
 */
export function globalAddPool(graph: NodesOfGraphs): Tensor2D {
  return pooled("globalAddPool", graph, "sum");
}

/**
 * The mean over the nodes of each graph, PyG's `global_mean_pool`; 0 for a graph without nodes.
 *
 * @returns `[graph, feature]`
 */
export function globalMeanPool(graph: NodesOfGraphs): Tensor2D {
  return pooled("globalMeanPool", graph, "mean");
}

/**
 * The largest of each feature over the nodes of each graph, PyG's `global_max_pool`; 0 for a graph without nodes.
 *
 * @returns `[graph, feature]`
 */
export function globalMaxPool(graph: NodesOfGraphs): Tensor2D {
  return pooled("globalMaxPool", graph, "max");
}
