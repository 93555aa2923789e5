import { checkNetwork } from "./check-network.ts";
import { checkOptions, checkPositive, checkProbabilities, checkSizes } from "@pellucid/core-train";
import { adjacencyMatrix } from "./adjacency-matrix.ts";
import { NetworkError } from "./network-error.ts";
import type { Network } from "./network.ts";
import type { NodeName } from "./node-name.ts";

/** Options for {@link pageRank}. */
export interface PageRankOptions {
  /** The probability of following an edge rather than starting anew. Default: 0.85. */
  readonly alpha?: number;
  /** The largest number of iterations. Default: 100. */
  readonly maxIter?: number;
  /** Iterations end when the ranks change by less than this times the number of nodes, in total. Default: 1e-6. */
  readonly tol?: number;
  /** The attribute of edges that is their weight, or null. Default: `"weight"`. */
  readonly weight?: string | null;
}

/**
 * The rank of each node by power iteration, as networkx's `pagerank`. A node without outgoing edges spreads its rank evenly.
 *
 * Page, Brin, Motwani and Winograd, 1999.
 *
 * @throws NetworkError where the iterations do not converge
 */
export function pageRank(network: Network, options: PageRankOptions = {}): Map<NodeName, number> {
  checkNetwork("pageRank", network);
  checkOptions("pageRank", options, ["alpha", "maxIter", "tol", "weight"]);
  const { alpha = 0.85, maxIter = 100, tol = 1e-6, weight = "weight" } = options;
  checkProbabilities("pageRank", { alpha });
  checkSizes("pageRank", { maxIter });
  checkPositive("pageRank", { tol });
  const nodes = network.nodes();
  const count = nodes.length;
  if (count === 0) return new Map();
  const rows = adjacencyMatrix(network, { weight });
  const sums = rows.map((row) => row.reduce((sum, w) => sum + w, 0));
  let ranks = nodes.map(() => 1 / count);
  for (let iteration = 0; iteration < maxIter; iteration++) {
    const dangling = ranks.reduce((sum, rank, i) => (sums[i] === 0 ? sum + rank : sum), 0);
    const next = nodes.map(() => (alpha * dangling + 1 - alpha) / count);
    for (const [i, row] of rows.entries()) {
      const given = sums[i] === 0 ? 0 : (alpha * (ranks[i] ?? NaN)) / (sums[i] ?? NaN);
      for (const [j, w] of row.entries()) next[j] = (next[j] ?? NaN) + given * w;
    }
    const change = next.reduce((sum, rank, i) => sum + Math.abs(rank - (ranks[i] ?? NaN)), 0);
    ranks = next;
    if (change < count * tol) return new Map(nodes.map((node, i) => [node, ranks[i] ?? NaN]));
  }
  throw new NetworkError(`pageRank: no convergence in ${maxIter} iterations. Raise maxIter or tol.`);
}
