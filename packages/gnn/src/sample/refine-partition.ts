import type { WeightedGraph } from "./weighted-graph.ts";

const PASSES = 10;

/**
 * Moves nodes to the part where most of their neighbors are, while that cuts fewer edges and no part has more than `most` nodes.
 *
 * @param parts of each node; changed
 */
export function refinePartition(
  graph: WeightedGraph,
  parts: Int32Array,
  numParts: number,
  most: number,
): void {
  const { ptr, neighbors, weights, sizes } = graph;
  const held = new Float64Array(numParts);
  for (const [v, part] of parts.entries()) held[part] = (held[part] ?? NaN) + (sizes[v] ?? NaN);
  for (let pass = 0; pass < PASSES; pass++) {
    let moved = 0;
    for (const [v, from] of parts.entries()) {
      const joined = new Map<number, number>();
      for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++) {
        const part = parts[neighbors[i] ?? NaN] ?? NaN;
        joined.set(part, (joined.get(part) ?? 0) + (weights[i] ?? NaN));
      }
      const own = joined.get(from) ?? 0;
      const size = sizes[v] ?? NaN;
      let [to, gain] = [from, 0];
      for (const [part, weight] of joined) {
        if (part === from || (held[part] ?? NaN) + size > most) continue;
        const better = weight - own;
        const balances =
          better === 0 && gain === 0 && to === from && (held[part] ?? NaN) + size < (held[from] ?? NaN);
        if (better > gain || balances) [to, gain] = [part, better];
      }
      if ((held[from] ?? NaN) > most && to === from) {
        const room = [...joined].filter(([part]) => part !== from && (held[part] ?? NaN) + size <= most);
        const [best] = room.toSorted(([, a], [, b]) => b - a);
        if (best !== undefined) [to] = best;
      }
      if (to === from) continue;
      parts[v] = to;
      held[from] = (held[from] ?? NaN) - size;
      held[to] = (held[to] ?? NaN) + size;
      moved++;
    }
    if (moved === 0) return;
  }
}
