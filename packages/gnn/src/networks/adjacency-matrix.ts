import { checkNetwork } from "./check-network.ts";
import { checkOptions } from "@pellucid/core-train";
import { type Network } from "./network.ts";
import { weightOf } from "./attributes.ts";

/** Options for {@link adjacencyMatrix}, {@link laplacianMatrix} and {@link normalizedLaplacianMatrix}. */
export interface MatrixOptions {
  /** The attribute of edges that is their weight, or null: each edge counts 1. Default: `"weight"`, 1 where an edge has none. */
  readonly weight?: string | null;
}

/**
 * The adjacency matrix, `[node, node]` in the order of the nodes: row `i`, column `j` has the weight of the edge from `i` to `j`.
 * A loop counts once, as in networkx.
 */
export function adjacencyMatrix(network: Network, options: MatrixOptions = {}): number[][] {
  checkNetwork("adjacencyMatrix", network);
  checkOptions("adjacencyMatrix", options, ["weight"]);
  const { weight = "weight" } = options;
  const nodes = network.nodes();
  const index = new Map(nodes.map((node, i) => [node, i]));
  const matrix = nodes.map(() => nodes.map(() => 0));
  for (const [source, target, edge] of network.edges()) {
    const [i, j] = [index.get(source) as number, index.get(target) as number];
    const w = weightOf(edge, weight);
    (matrix[i] as number[])[j] = w;
    if (!network.isDirected()) (matrix[j] as number[])[i] = w;
  }
  return matrix;
}
