import { clamp, matMul } from "@pellucid/core-train";
import { div, sum, type Tensor3D } from "@tensorflow/tfjs-core";

/** The mean of what each node receives, weighted by its row of the adjacency matrix; a sum of weights below 1 counts as 1. */
export function meanOfNeighbors(adj: Tensor3D, x: Tensor3D): Tensor3D {
  const degree = clamp(sum<Tensor3D>(adj, 2, true), 1, Infinity); // [graph, node, 1]
  return div(matMul<Tensor3D>(adj, x), degree); //                   [graph, node, feature]
}
