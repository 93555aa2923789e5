import { checkHostTensor } from "../data/check-host-tensor.ts";
import { type HostTensor, ShapeError } from "@pellucid/core-train";
import { checkHostEdges, type HostEdges } from "./host-edges.ts";

/** The adjacency matrix `[node, node]`: row `i`, column `j` is the sum of the weights of the edges from `i` to `j`, as PyG's `to_dense_adj`. */
export function denseAdjacency(edges: HostEdges): HostTensor<Float32Array> {
  checkHostEdges("denseAdjacency", edges);
  const { sources, targets, numNodes, weights } = edges;
  const data = new Float32Array(numNodes * numNodes);
  for (let e = 0; e < sources.length; e++) {
    const at = (sources[e] ?? NaN) * numNodes + (targets[e] ?? NaN);
    data[at] = (data[at] ?? NaN) + (weights?.[e] ?? 1);
  }
  return { data, shape: [numNodes, numNodes] };
}

/**
 * The edges of an adjacency matrix, row by row, as PyG's `dense_to_sparse`: what is not 0 is an edge of this weight.
 *
 * @param matrix `[node, node]`
 */
export function edgesOfAdjacency(matrix: HostTensor): HostEdges & { readonly weights: Float32Array } {
  checkHostTensor("edgesOfAdjacency", "matrix", matrix);
  const { data, shape } = matrix;
  const [numNodes = 0, columns] = shape;
  if (shape.length !== 2 || columns !== numNodes)
    throw new ShapeError(`edgesOfAdjacency: matrix is [${shape.join(", ")}], expected [node, node].`);
  const found = [...data.keys()].filter((at) => data[at] !== 0);
  return {
    numNodes,
    sources: Int32Array.from(found, (at) => Math.floor(at / numNodes)),
    targets: Int32Array.from(found, (at) => at % numNodes),
    weights: Float32Array.from(found, (at) => data[at] ?? NaN),
  };
}
