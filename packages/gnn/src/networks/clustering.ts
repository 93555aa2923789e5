import { checkNetwork } from "./check-network.ts";
import { NetworkError } from "./network-error.ts";
import type { Network } from "./network.ts";
import type { NodeName } from "./node-name.ts";

/**
 * The clustering coefficient of each node of an undirected network: the share of pairs of neighbors that are neighbors, `2 T / (d (d − 1))`;
 * 0 for nodes with fewer than two. Loops do not count, as in networkx.
 *
 * Watts and Strogatz, 1998. https://doi.org/10.1038/30918
 *
 * @throws NetworkError for a directed network
 */
export function clustering(network: Network): Map<NodeName, number> {
  checkNetwork("clustering", network);
  if (network.isDirected())
    throw new NetworkError("clustering: the network is directed, expected an undirected one.");
  return new Map(
    network.nodes().map((node) => {
      const around = network.neighbors(node).filter((other) => other !== node);
      const pairs = (around.length * (around.length - 1)) / 2;
      let joined = 0;
      for (const [i, a] of around.entries())
        for (const b of around.slice(i + 1)) if (network.hasEdge(a, b)) joined++;
      return [node, pairs === 0 ? 0 : joined / pairs];
    }),
  );
}
