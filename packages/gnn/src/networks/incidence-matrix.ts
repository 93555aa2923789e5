import { checkNetwork } from "./check-network.ts";
import { checkOptions } from "@pellucid/core-train";
import { type Network } from "./network.ts";
import { weightOf } from "./attributes.ts";

/** Options for {@link incidenceMatrix}. */
export interface IncidenceOptions {
  /** Whether the source of an edge is negative. Default: false. */
  readonly oriented?: boolean;
  /** The attribute of edges that is their weight. Default: each edge counts 1. */
  readonly weight?: string;
}

/**
 * The incidence matrix, `[node, edge]`: column `e` has the weight of edge `e` at its two nodes, of an oriented one negative at its source. As in
 * networkx, the column of a loop is 0.
 */
export function incidenceMatrix(network: Network, options: IncidenceOptions = {}): number[][] {
  checkNetwork("incidenceMatrix", network);
  checkOptions("incidenceMatrix", options, ["oriented", "weight"]);
  const { oriented = false, weight } = options;
  const nodes = network.nodes();
  const index = new Map(nodes.map((node, i) => [node, i]));
  const edges = network.edges();
  const matrix = nodes.map(() => edges.map(() => 0));
  for (const [e, [source, target, edge]] of edges.entries()) {
    const w = weightOf(edge, weight);
    if (source === target) continue;
    (matrix[index.get(source) as number] as number[])[e] = oriented ? -w : w;
    (matrix[index.get(target) as number] as number[])[e] = w;
  }
  return matrix;
}
