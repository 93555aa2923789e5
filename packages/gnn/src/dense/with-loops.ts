import { add, eye, mul, sub, type Tensor3D } from "@tensorflow/tfjs-core";

/** Adjacency matrices whose diagonals are `value`, whatever they were. */
export function withLoops(adj: Tensor3D, value: number): Tensor3D {
  const loops = eye(adj.shape[1]);
  return add(mul(adj, sub(1, loops)), mul(loops, value)); // [graph, node, node]
}
