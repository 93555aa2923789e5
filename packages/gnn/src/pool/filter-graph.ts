import { tensor1d, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { EdgeList, edgesOf } from "../graph/edge-list.ts";
import type { Edges } from "../graph/graph.ts";
import { gatherRows } from "../propagate/gather-rows.ts";

/** A graph of the nodes that a pool keeps. */
export interface PooledGraph extends Edges {
  /** `[node, feature]` */
  readonly x: Tensor2D;
  /** The graph of each node, int32 `[node]`. */
  readonly batch: Tensor1D;
  readonly numGraphs: number;
  /** Which node of the graph before each is, int32 `[node]`. */
  readonly perm: Tensor1D;
  /** What the features were multiplied by, `[node]`. */
  readonly score: Tensor1D;
}

/** The edges among the nodes that are kept, numbered anew; duplicates stay. */
export function filterEdges(caller: string, graph: Edges, nodes: Int32Array, numNodes: number): Edges {
  const { edgeIndex, edgeWeight, edgeAttr } = graph;
  const { source, target } = edgesOf(edgeIndex, caller);
  const position = new Int32Array(numNodes).fill(-1);
  for (const [i, node] of nodes.entries()) position[node] = i;
  const kept = Int32Array.from(source.keys()).filter(
    (e) => position[source[e] ?? NaN] !== -1 && position[target[e] ?? NaN] !== -1,
  );
  const ends = (end: Int32Array) => Int32Array.from(kept, (e) => position[end[e] ?? NaN] ?? NaN);
  return {
    edgeIndex: edgeIndexOf(new EdgeList(ends(source), ends(target))),
    ...(edgeWeight !== undefined && { edgeWeight: gatherRows(edgeWeight, kept) }),
    ...(edgeAttr !== undefined && { edgeAttr: gatherRows(edgeAttr, kept) }),
  };
}

/** The graphs of the nodes that are kept. */
export function batchOfKept(batch: ArrayLike<number>, nodes: Int32Array): Tensor1D {
  return tensor1d(
    Int32Array.from(nodes, (v) => batch[v] ?? NaN),
    "int32",
  );
}
