import { checkHostTensor } from "../data/check-host-tensor.ts";
import { type HostTensor, ShapeError } from "@pellucid/core-train";
import { checkHostEdges, type HostEdges } from "./host-edges.ts";

/**
 * The oriented incidence matrix `[node, edge]`: column `e` has −w at the source of edge `e` and w at its target, where `w` is its weight; the column of
 * a loop has w alone, so that {@link edgesOfIncidence} finds it again (in networkx it is 0).
 */
export function incidence(edges: HostEdges): HostTensor<Float32Array> {
  checkHostEdges("incidence", edges);
  const { sources, targets, numNodes, weights } = edges;
  const count = sources.length;
  const data = new Float32Array(numNodes * count);
  for (let e = 0; e < count; e++) {
    const w = weights?.[e] ?? 1;
    data[(sources[e] ?? NaN) * count + e] = -w;
    data[(targets[e] ?? NaN) * count + e] = w;
  }
  return { data, shape: [numNodes, count] };
}

/**
 * The edges of an oriented incidence matrix with positive weights.
 *
 * @param matrix `[node, edge]`
 * @throws ShapeError for a column that no edge has
 */
export function edgesOfIncidence(matrix: HostTensor): HostEdges & { readonly weights: Float32Array } {
  checkHostTensor("edgesOfIncidence", "matrix", matrix);
  const { data, shape } = matrix;
  const [numNodes = 0, count = 0] = shape;
  if (shape.length !== 2)
    throw new ShapeError(`edgesOfIncidence: matrix is [${shape.join(", ")}], expected [node, edge].`);
  const [sources, targets] = [new Int32Array(count), new Int32Array(count)];
  const weights = new Float32Array(count);
  for (let e = 0; e < count; e++) {
    const ends = Array.from({ length: numNodes }, (_, v) => v).filter((v) => data[v * count + e] !== 0);
    const target = ends.find((v) => (data[v * count + e] ?? NaN) > 0);
    const source = ends.find((v) => (data[v * count + e] ?? NaN) < 0) ?? target;
    const w = target === undefined ? 0 : (data[target * count + e] ?? NaN);
    const isEdge = ends.length === 1 || (ends.length === 2 && data[(source ?? 0) * count + e] === -w);
    if (target === undefined || source === undefined || !isEdge)
      throw new ShapeError(
        `edgesOfIncidence: column ${e} has ${ends.length} numbers other than 0, expected −w at a source and w at a target, or w alone for a loop.`,
      );
    [sources[e], targets[e], weights[e]] = [source, target, w];
  }
  return { numNodes, sources, targets, weights };
}
