import { checkSizes, type HostTensor, OptionError } from "@pellucid/core-train";
import { checkHostEdges, type HostEdges } from "../convert/host-edges.ts";
import { type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.ts";

/**
 * The eigenvalues and eigenvectors of the Laplacian `I − D^(−1/2) A D^(−1/2)`, in ascending order: for `numNodes` up to a few thousand. Loops do not count, a node without
 * edges has 1 on the diagonal. Directed edges count as half of each direction.
 */
export function laplacianEigen(edges: HostEdges): SymmetricEigen {
  checkHostEdges("laplacianEigen", edges);
  const { sources, targets, numNodes, weights } = edges;
  const adjacency = Array.from({ length: numNodes }, () => Array<number>(numNodes).fill(0));
  for (const [e, u] of sources.entries()) {
    const v = targets[e] ?? NaN;
    if (u === v) continue;
    const half = (weights?.[e] ?? 1) / 2;
    (adjacency[u] as number[])[v] = (adjacency[u]?.[v] ?? NaN) + half;
    (adjacency[v] as number[])[u] = (adjacency[v]?.[u] ?? NaN) + half;
  }
  const scale = adjacency.map((row) => {
    const degree = row.reduce((sum, w) => sum + w, 0);
    return degree === 0 ? 0 : 1 / Math.sqrt(degree);
  });
  return symmetricEigen(
    adjacency.map((row, i) => row.map((w, j) => Number(i === j) - w * (scale[i] ?? NaN) * (scale[j] ?? NaN))),
  );
}

/**
 * The eigenvectors of the Laplacian for its `k` smallest eigenvalues after the first, as features of nodes: PyG's `AddLaplacianEigenvectorPE`. An eigenvector has no sign, and those of
 * equal eigenvalues may be rotated: train with random signs.
 *
 * Dwivedi et al., 2020. https://arxiv.org/abs/2003.00982
 *
 * @returns `[node, k]`
 */
export function laplacianEncoding(edges: HostEdges, k: number): HostTensor<Float32Array> {
  checkSizes("laplacianEncoding", { k });
  if (k >= edges.numNodes)
    throw new OptionError("laplacianEncoding", "k", k, `fewer than the ${edges.numNodes} nodes`);
  const { vectors } = laplacianEigen(edges);
  const data = Float32Array.from(
    { length: edges.numNodes * k },
    (_, i) => vectors[1 + (i % k)]?.[Math.floor(i / k)] ?? NaN,
  );
  return { data, shape: [edges.numNodes, k] };
}

/**
 * For each node the probability that a random walk is back after 1, 2, … `steps` steps: PyG's `AddRandomWalkPE`. Loops are steps too; a node without edges gets 0.
 *
 * Dwivedi et al., 2022. https://arxiv.org/abs/2110.07875
 *
 * @returns `[node, step]`
 */
export function randomWalkEncoding(edges: HostEdges, steps: number): HostTensor<Float32Array> {
  checkHostEdges("randomWalkEncoding", edges);
  checkSizes("randomWalkEncoding", { steps });
  const { sources, targets, numNodes, weights } = edges;
  const out = new Float64Array(numNodes);
  for (const [e, u] of sources.entries()) out[u] = (out[u] ?? NaN) + (weights?.[e] ?? 1);
  const data = new Float32Array(numNodes * steps);
  for (let start = 0; start < numNodes; start++) {
    let at = new Float64Array(numNodes);
    at[start] = 1;
    for (let step = 0; step < steps; step++) {
      const next = new Float64Array(numNodes);
      for (const [e, u] of sources.entries()) {
        const v = targets[e] ?? NaN;
        next[v] = (next[v] ?? NaN) + ((at[u] ?? NaN) * (weights?.[e] ?? 1)) / Math.max(1, out[u] ?? NaN);
      }
      data[start * steps + step] = next[start] ?? NaN;
      at = next;
    }
  }
  return { data, shape: [numNodes, steps] };
}
