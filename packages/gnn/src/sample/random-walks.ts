import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  type Rng,
} from "@pellucid/core-train";
import type { NeighborLists } from "../convert/neighbor-lists.ts";
import { checkNode } from "./sample-neighbors.ts";

/** Options for {@link randomWalks}. */
export interface RandomWalksOptions {
  /** Random generator for the draws. */
  readonly rng: Rng;
  /** node2vec's return parameter: a large one makes it rare to go back where the walk came from. Default: 1. */
  readonly p?: number;
  /** node2vec's in-out parameter: a large one keeps the walk near where it came from. Default: 1. */
  readonly q?: number;
  /** The probability that a walk ends before each step; the rest of it is −1. Default: 0. */
  readonly restart?: number;
}

/**
 * Walks of `length` steps along edges, one from each start: each step goes to a neighbor with the same probability, or weighted by node2vec's `p` and `q`:
 * `1 / p` for the previous node, 1 for a neighbor of it, `1 / q` for another. At a node without neighbors a walk stays, as in PyG.
 *
 * Grover and Leskovec, 2016, section 3.2. https://arxiv.org/abs/1607.00653
 *
 * @param lists the neighbors to go to: `neighborLists(edges, "out")` follows the edges
 * @returns the nodes of each walk, start included: walk `i` is `length + 1` nodes from `i · (length + 1)`
 */
export function randomWalks(
  lists: NeighborLists,
  starts: ArrayLike<number>,
  length: number,
  options: RandomWalksOptions,
): Int32Array {
  checkRng("randomWalks", options);
  checkOptions("randomWalks", options, ["rng", "p", "q", "restart"]);
  const { rng, p = 1, q = 1, restart = 0 } = options;
  checkSizes("randomWalks", { length });
  checkPositive("randomWalks", { p, q });
  checkProbabilities("randomWalks", { restart });
  const { ptr, neighbors } = lists;
  const walks = new Int32Array(starts.length * (length + 1)).fill(-1);
  const most = Math.max(1, 1 / p, 1 / q);
  const isNeighbor = (of: number, node: number) => neighbors.subarray(ptr[of], ptr[of + 1]).includes(node);
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? NaN;
    checkNode("randomWalks", start, lists.numNodes);
    let [previous, node] = [-1, start];
    walks[i * (length + 1)] = start;
    for (let step = 1; step <= length; step++) {
      if (restart > 0 && rng.uint32() * 2 ** -32 < restart) break;
      const first = ptr[node] ?? NaN;
      const degree = (ptr[node + 1] ?? NaN) - first;
      const draw = () => (degree === 0 ? node : (neighbors[first + (rng.uint32() % degree)] ?? NaN));
      let next = draw();
      if ((p !== 1 || q !== 1) && previous !== -1 && degree > 0) {
        const weight = (to: number) => (to === previous ? 1 / p : isNeighbor(previous, to) ? 1 : 1 / q);
        while (rng.uint32() * 2 ** -32 * most >= weight(next)) next = draw();
      }
      walks[i * (length + 1) + step] = next;
      [previous, node] = [node, next];
    }
  }
  return walks;
}
