import { checkRng, checkSizes, OptionError, type Rng } from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";
import { bothDirections } from "./stochastic-block-model.ts";

/**
 * A graph with hubs: each new node is joined to `numEdges` different nodes, drawn in proportion to how many edges they have. It starts from `numEdges` nodes without
 * edges, as networkx's older generator; edges have both directions.
 *
 * Barabási and Albert, 1999. https://doi.org/10.1126/science.286.5439.509
 */
export function barabasiAlbert(
  numNodes: number,
  numEdges: number,
  options: { readonly rng: Rng },
): HostEdges {
  checkRng("barabasiAlbert", options);
  checkSizes("barabasiAlbert", { numNodes, numEdges });
  if (numEdges >= numNodes)
    throw new OptionError("barabasiAlbert", "numEdges", numEdges, `fewer than the ${numNodes} nodes`);
  const { rng } = options;
  const [from, to]: [number[], number[]] = [[], []];
  const ends: number[] = []; // each node as often as it has edges
  let joined = new Set(Array(numEdges).keys());
  for (let node = numEdges; node < numNodes; node++) {
    for (const other of joined) {
      from.push(node);
      to.push(other);
      ends.push(node, other);
    }
    joined = new Set();
    while (joined.size < numEdges) joined.add(ends[rng.uint32() % ends.length] ?? NaN);
  }
  const { data } = bothDirections(from, to);
  return { numNodes, sources: data.slice(0, data.length / 2), targets: data.slice(data.length / 2) };
}
