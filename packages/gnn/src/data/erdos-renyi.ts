import {
  checkChoice,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  type Rng,
} from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";
import { drawEach, pairAt } from "./draw-pairs.ts";
import { bothDirections } from "./stochastic-block-model.ts";

/** Options for {@link erdosRenyi}. */
export interface ErdosRenyiOptions {
  /** Random generator for the edges. */
  readonly rng: Rng;
  /** Whether each direction of an edge is drawn by itself. Default: false, an edge has both directions. */
  readonly directed?: boolean;
}

/**
 * A random graph: every pair of nodes is joined with probability `p`. No loops.
 *
 * Erdős and Rényi, 1959; Batagelj and Brandes, 2005, algorithm 1. https://doi.org/10.1103/PhysRevE.71.036113
 */
export function erdosRenyi(numNodes: number, p: number, options: ErdosRenyiOptions): HostEdges {
  checkRng("erdosRenyi", options);
  checkOptions("erdosRenyi", options, ["rng", "directed"]);
  const { rng, directed = false } = options;
  checkSizes("erdosRenyi", { numNodes });
  checkProbabilities("erdosRenyi", { p });
  checkChoice("erdosRenyi", "directed", directed, [true, false]);
  if (directed) {
    const found = [...drawEach(numNodes * (numNodes - 1), p, rng)];
    const sources = Int32Array.from(found, (at) => Math.floor(at / (numNodes - 1)));
    const targets = Int32Array.from(found, (at, i) => {
      const column = at % (numNodes - 1);
      return column + Number(column >= (sources[i] ?? NaN));
    });
    return { numNodes, sources, targets };
  }
  const pairs = Array.from(drawEach((numNodes * (numNodes - 1)) / 2, p, rng), pairAt);
  const { data } = bothDirections(
    pairs.map(([i]) => i),
    pairs.map(([, j]) => j),
  );
  return { numNodes, sources: data.slice(0, data.length / 2), targets: data.slice(data.length / 2) };
}
