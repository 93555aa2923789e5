import { checkNetwork } from "./check-network.ts";
import { checkOptions } from "@pellucid/core-train";
import { type Layout, rescaled } from "./layout.ts";
import type { LayoutOptions } from "./layout-options.ts";
import { adjacencyMatrix } from "./adjacency-matrix.ts";
import { laplacianOf } from "./laplacian-of.ts";
import type { Network } from "./network.ts";
import { symmetricEigen } from "../transform/symmetric-eigen.ts";

/**
 * The nodes at the eigenvectors of the second and third smallest eigenvalue of the Laplacian `D − A`, as networkx's `spectral_layout`; of a directed
 * network `A + Aᵀ`. Each axis may be mirrored, since an eigenvector has no sign.
 *
 * Koren, 2003. https://doi.org/10.1007/3-540-45071-8_50
 */
export function spectralLayout(network: Network, options: LayoutOptions = {}): Layout {
  checkNetwork("spectralLayout", network);
  checkOptions("spectralLayout", options, ["scale", "center"]);
  const { scale = 1, center = [0, 0] } = options;
  const nodes = network.nodes();
  if (nodes.length <= 2)
    return new Map(
      nodes.map((node, i) => [
        node,
        nodes.length === 1 ? [...center] : i === 0 ? [0, 0] : [2 * center[0], 2 * center[1]],
      ]),
    );
  const adjacency = adjacencyMatrix(network);
  const sum = adjacency.map((row, i) =>
    row.map((w, j) => (network.isDirected() ? w + (adjacency[j]?.[i] ?? NaN) : w)),
  );
  const { vectors } = symmetricEigen(laplacianOf(sum));
  const points = nodes.map((_, i) => [vectors[1]?.[i] ?? NaN, vectors[2]?.[i] ?? NaN] as const);
  const scaled = rescaled(points, scale, center);
  return new Map(nodes.map((node, i) => [node, scaled[i] as [number, number]]));
}
