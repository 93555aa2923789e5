import { checkOptions, checkProbabilities, checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import type { NeighborLists } from "../convert/neighbor-lists.ts";
import { randomWalks } from "./random-walks.ts";

/** Options for {@link visitedNeighbors}. */
export interface VisitedNeighborsOptions {
  /** Random generator for the walks. */
  readonly rng: Rng;
  /** How many walks start at each seed. Default: 50. */
  readonly walks?: number;
  /** How many steps a walk has at most. Default: 3. */
  readonly length?: number;
  /** The probability that a walk ends before each step. Default: 0.5. */
  readonly restart?: number;
}

/** For each seed the nodes that its walks visit most. */
export interface VisitedNeighbors {
  /** The node that is a neighbor, `[edge]`. */
  readonly sources: Int32Array;
  /** The seed, counted from 0, whose neighbor it is, `[edge]`. */
  readonly targets: Int32Array;
  /** The share of the visits of the seed's neighbors, so that those of a seed sum to 1. `[edge]` */
  readonly weights: Float32Array;
}

/**
 * PinSAGE's neighbors: the `count` nodes that short random walks from a seed visit most often, the seed itself excepted, with the shares of their visits.
 * Ties go to the smaller node.
 *
 * Ying et al., 2018, section 3.1. https://arxiv.org/abs/1806.01973
 */
export function visitedNeighbors(
  lists: NeighborLists,
  seeds: ArrayLike<number>,
  count: number,
  options: VisitedNeighborsOptions,
): VisitedNeighbors {
  checkRng("visitedNeighbors", options);
  checkOptions("visitedNeighbors", options, ["rng", "walks", "length", "restart"]);
  const { rng, walks = 50, length = 3, restart = 0.5 } = options;
  checkSizes("visitedNeighbors", { count, walks, length });
  checkProbabilities("visitedNeighbors", { restart });
  const [sources, targets, weights]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < seeds.length; i++) {
    const seed = seeds[i] ?? NaN;
    const starts = new Int32Array(walks).fill(seed);
    const visits = new Map<number, number>();
    for (const node of randomWalks(lists, starts, length, { rng, restart }))
      if (node !== -1 && node !== seed) visits.set(node, (visits.get(node) ?? 0) + 1);
    const most = [...visits].toSorted(([a, times], [b, others]) => others - times || a - b).slice(0, count);
    const total = most.reduce((sum, [, times]) => sum + times, 0);
    for (const [node, times] of most) {
      sources.push(node);
      targets.push(i);
      weights.push(times / total);
    }
  }
  return {
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    weights: Float32Array.from(weights),
  };
}
