import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";

/** What connects nodes: what functions on edges alone take. */
export interface Edges {
  /** int32 `[2, edge]`: row 0 has the source of each edge, row 1 its target. Messages go from source to target. */
  readonly edgeIndex: Tensor2D;
  /** `[edge]` */
  readonly edgeWeight?: Tensor1D | undefined;
  /** `[edge, feature]` */
  readonly edgeAttr?: Tensor2D | undefined;
}

/**
 * A graph, or several in one: a record of tensors, which goes through models, `batches`, `fit` and scores as any structure does.
 * {@link graphOf} makes one and checks it, {@link batchGraphs} makes one of several.
 *
 * An undirected graph has both directions of each edge, as {@link toUndirected} gives them.
 */
export interface Graph extends Edges {
  /** `[node, feature]` */
  readonly x: Tensor2D;
  /** Labels: of the nodes, `[node]`, of the edges or of the graphs. */
  readonly y?: Tensor | undefined;
  /** Positions of the nodes: `[node, coordinate]`. */
  readonly pos?: Tensor2D | undefined;
  /** The graph of each node, int32 `[node]`. */
  readonly batch?: Tensor1D | undefined;
  /** Where the nodes of each graph start, int32 `[graph + 1]`. */
  readonly ptr?: Tensor1D | undefined;
  /** How many graphs there are, also where the last have no nodes. */
  readonly numGraphs?: number | undefined;
  /** Which nodes to train on: bool `[node]`. */
  readonly trainMask?: Tensor1D | undefined;
  /** bool `[node]` */
  readonly valMask?: Tensor1D | undefined;
  /** bool `[node]` */
  readonly testMask?: Tensor1D | undefined;
}
