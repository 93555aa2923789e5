import type { Rng } from "@pellucid/core-train";
import { refineBisection } from "./refine-bisection.ts";
import { graphOfMaps, inducedGraph, type WeightedGraph } from "./weighted-graph.ts";

const COARSEST = 60;
const STARTS = 12;

/**
 * Divides some nodes into side 0, with `share` of them, and side 1.
 *
 * @returns the side of each of `nodes`
 */
export function bisectGraph(
  whole: WeightedGraph,
  nodes: Int32Array,
  share: number,
  imbalance: number,
  rng: Rng,
): Uint8Array {
  const levels: { readonly graph: WeightedGraph; readonly coarse: Int32Array }[] = [];
  let graph = inducedGraph(whole, nodes);
  while (graph.sizes.length > COARSEST) {
    const coarse = matched(graph, rng);
    const count = Math.max(...coarse) + 1;
    if (count > 0.95 * graph.sizes.length) break;
    levels.push({ graph, coarse });
    graph = contracted(graph, coarse, count);
  }
  let best: { side: Uint8Array; cut: number } | null = null;
  for (let start = 0; start < STARTS; start++) {
    const side = grown(graph, share, rng);
    const cut = refineBisection(graph, side, share, imbalance);
    if (best === null || cut < best.cut) best = { side, cut };
  }
  let { side } = best as { side: Uint8Array };
  for (const { graph: finer, coarse } of levels.toReversed()) {
    const above = side;
    side = Uint8Array.from(coarse, (c) => above[c] ?? NaN);
    refineBisection(finer, side, share, imbalance);
  }
  return side;
}

/** Matches each node, in random order, with the free neighbor of the heaviest edge; the number of the pair of each node. */
function matched({ ptr, neighbors, weights, sizes }: WeightedGraph, rng: Rng): Int32Array {
  const coarse = new Int32Array(sizes.length).fill(-1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const most = Math.max(2, (1.5 * total) / COARSEST);
  let count = 0;
  for (const v of rng.randperm(sizes.length)) {
    if (coarse[v] !== -1) continue;
    let [mate, heaviest] = [v, 0];
    for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++) {
      const u = neighbors[i] ?? NaN;
      const joint = (sizes[u] ?? NaN) + (sizes[v] ?? NaN);
      if (coarse[u] === -1 && joint <= most && (weights[i] ?? NaN) > heaviest)
        [mate, heaviest] = [u, weights[i] ?? NaN];
    }
    coarse[v] = count;
    coarse[mate] = count++;
  }
  return coarse;
}

/** One node for each pair. */
function contracted(
  { ptr, neighbors, weights, sizes }: WeightedGraph,
  coarse: Int32Array,
  count: number,
): WeightedGraph {
  const around = Array.from({ length: count }, () => new Map<number, number>());
  const joint = new Float64Array(count);
  for (const [v, c] of coarse.entries()) {
    joint[c] = (joint[c] ?? NaN) + (sizes[v] ?? NaN);
    for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++) {
      const to = coarse[neighbors[i] ?? NaN] ?? NaN;
      if (to !== c) around[c]?.set(to, (around[c].get(to) ?? 0) + (weights[i] ?? NaN));
    }
  }
  return graphOfMaps(around, joint);
}

/** Grows side 0 from a random node, each time by the node that cuts the fewest edges, until it has its share. */
function grown({ ptr, neighbors, weights, sizes }: WeightedGraph, share: number, rng: Rng): Uint8Array {
  const count = sizes.length;
  const side = new Uint8Array(count).fill(1);
  const gain = new Float64Array(count).fill(-Infinity);
  const wanted = share * sizes.reduce((sum, size) => sum + size, 0);
  const order = rng.randperm(count);
  let [inside, next] = [0, 0];
  while (inside < wanted) {
    let chosen = -1;
    for (let v = 0; v < count; v++)
      if (
        side[v] === 1 &&
        (gain[v] ?? NaN) > -Infinity &&
        (chosen === -1 || (gain[v] ?? NaN) > (gain[chosen] ?? NaN))
      )
        chosen = v;
    while (chosen === -1) {
      const candidate = order[next++] ?? NaN;
      if (side[candidate] === 1) chosen = candidate;
    }
    side[chosen] = 0;
    inside += sizes[chosen] ?? NaN;
    for (let i = ptr[chosen] ?? NaN; i < (ptr[chosen + 1] ?? NaN); i++) {
      const u = neighbors[i] ?? NaN;
      if ((gain[u] ?? NaN) === -Infinity) {
        let around = 0;
        for (let j = ptr[u] ?? NaN; j < (ptr[u + 1] ?? NaN); j++) around -= weights[j] ?? NaN;
        gain[u] = around;
      }
      gain[u] = (gain[u] ?? NaN) + 2 * (weights[i] ?? NaN);
    }
  }
  return side;
}
