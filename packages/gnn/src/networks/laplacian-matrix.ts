import { checkNetwork } from "./check-network.ts";
import { checkOptions } from "@pellucid/core-train";
import { adjacencyMatrix, type MatrixOptions } from "./adjacency-matrix.ts";
import { laplacianOf } from "./laplacian-of.ts";
import type { Network } from "./network.ts";

/** The Laplacian `D − A`, where `D` has the sums of the rows of the {@link adjacencyMatrix} `A`, as networkx's `laplacian_matrix`. */
export function laplacianMatrix(network: Network, options: MatrixOptions = {}): number[][] {
  checkNetwork("laplacianMatrix", network);
  checkOptions("laplacianMatrix", options, ["weight"]);
  return laplacianOf(adjacencyMatrix(network, options));
}

/**
 * The symmetric normalized Laplacian `D^(−1/2) (D − A) D^(−1/2)`, as networkx's `normalized_laplacian_matrix`. The row of a node without
 * edges is 0.
 */
export function normalizedLaplacianMatrix(network: Network, options: MatrixOptions = {}): number[][] {
  checkNetwork("normalizedLaplacianMatrix", network);
  checkOptions("normalizedLaplacianMatrix", options, ["weight"]);
  const adjacency = adjacencyMatrix(network, options);
  const scale = adjacency.map((row) => {
    const degree = row.reduce((sum, w) => sum + w, 0);
    return degree === 0 ? 0 : 1 / Math.sqrt(degree);
  });
  return laplacianOf(adjacency).map((row, i) => row.map((l, j) => l * (scale[i] ?? NaN) * (scale[j] ?? NaN)));
}
