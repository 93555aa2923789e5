import { checkShape } from "@pellucid/core-train";
import { broadcastTo, mul, reshape, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";

/** Graphs as dense layers take them, such as `toDense` makes them. */
export interface DenseInput {
  /** `[graph, node, feature]` */
  readonly x: Tensor3D;
  /** How much each row's node receives of each column's: `[graph, node, node]`, or `[1, node, node]` for all graphs. */
  readonly adj: Tensor3D;
  /** 1 where there is a node, otherwise 0: `[graph, node]`. Default: all are nodes. */
  readonly mask?: Tensor2D | undefined;
}

/** The adjacency matrices of all graphs, `[graph, node, node]`, after a check of all that a dense layer takes. */
export function adjacencyOf(caller: string, graphs: DenseInput, features: number | "feature"): Tensor3D {
  const { x, adj, mask } = graphs;
  checkShape(caller, "x", x, ["graph", "node", features]);
  const [count, nodes] = x.shape;
  const isShared = adj.shape[0] === 1;
  checkShape(caller, "adj", adj, [isShared ? 1 : count, nodes, nodes]);
  if (mask !== undefined) checkShape(caller, "mask", mask, [count, nodes]);
  return isShared && count !== 1 ? broadcastTo(adj, [count, nodes, nodes]) : adj;
}

/** Rows with zeros where there is no node. */
export function masked(y: Tensor3D, mask: Tensor2D | undefined): Tensor3D {
  if (mask === undefined) return y;
  return mul(y, reshape(mask, [...mask.shape, 1])); // [graph, node, out]
}
