import type { WeightedGraph } from "./weighted-graph.ts";

const PASSES = 8;

/**
 * Moves nodes between two sides while fewer edges are cut: in each pass every node moves once, best first, and the best state of the pass is kept.
 * Fiduccia and Mattheyses, 1982. https://doi.org/10.1145/800263.809204
 *
 * @param side of each node, 0 or 1; changed
 * @returns the weight of the edges that are cut
 */
export function refineBisection(
  graph: WeightedGraph,
  side: Uint8Array,
  share: number,
  imbalance: number,
): number {
  const { ptr, neighbors, weights, sizes } = graph;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const limits = [share, 1 - share].map((part) =>
    Math.max(total * part * (1 + imbalance), total * part + largest / 2),
  );
  const held = [0, 0];
  for (const [v, size] of sizes.entries()) held[side[v] ?? NaN] = (held[side[v] ?? NaN] ?? NaN) + size;
  let cut = 0;
  for (const [v, one] of side.entries())
    for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++)
      if (side[neighbors[i] ?? NaN] !== one) cut += (weights[i] ?? NaN) / 2;
  const excess = () =>
    Math.max(0, (held[0] ?? NaN) - (limits[0] ?? NaN)) + Math.max(0, (held[1] ?? NaN) - (limits[1] ?? NaN));
  for (let pass = 0; pass < PASSES; pass++) {
    const gain = new Float64Array(side.length);
    for (const [v, one] of side.entries())
      for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++)
        gain[v] = (gain[v] ?? NaN) + (side[neighbors[i] ?? NaN] === one ? -1 : 1) * (weights[i] ?? NaN);
    const queue = new GainQueue(gain, side);
    const before = [excess(), cut] as const;
    const moves: number[] = [];
    let [best, kept] = [before as readonly [number, number], 0];
    let since = 0;
    for (;;) {
      const isOver = (which: 0 | 1) => (held[which] ?? NaN) > (limits[which] ?? NaN);
      const forced = isOver(0) ? 0 : isOver(1) ? 1 : -1;
      const v = queue.best(forced, (u) => {
        const to = 1 - (side[u] ?? NaN);
        return forced !== -1 || (held[to] ?? NaN) + (sizes[u] ?? NaN) <= (limits[to] ?? NaN);
      });
      if (v === -1 || since > 80 + side.length / 20) break;
      const from = side[v] ?? NaN;
      side[v] = 1 - from;
      held[from] = (held[from] ?? NaN) - (sizes[v] ?? NaN);
      held[1 - from] = (held[1 - from] ?? NaN) + (sizes[v] ?? NaN);
      cut -= gain[v] ?? NaN;
      moves.push(v);
      for (let i = ptr[v] ?? NaN; i < (ptr[v + 1] ?? NaN); i++) {
        const u = neighbors[i] ?? NaN;
        gain[u] = (gain[u] ?? NaN) + (side[u] === from ? 2 : -2) * (weights[i] ?? NaN);
        queue.update(u);
      }
      since++;
      const now = [excess(), cut] as const;
      if (now[0] < best[0] || (now[0] === best[0] && now[1] < best[1]))
        [best, kept, since] = [now, moves.length, 0];
    }
    for (const v of moves.slice(kept).toReversed()) {
      const from = side[v] ?? NaN;
      side[v] = 1 - from;
      held[from] = (held[from] ?? NaN) - (sizes[v] ?? NaN);
      held[1 - from] = (held[1 - from] ?? NaN) + (sizes[v] ?? NaN);
    }
    cut = best[1];
    if (kept === 0) break;
  }
  return cut;
}

/** Nodes by side, best gain first: binary heaps with entries that an update makes obsolete. */
class GainQueue {
  readonly #gain: Float64Array;
  readonly #side: Uint8Array;
  readonly #moved: Uint8Array;
  readonly #heaps: [gain: number, node: number][][] = [[], []];

  constructor(gain: Float64Array, side: Uint8Array) {
    this.#gain = gain;
    this.#side = side;
    this.#moved = new Uint8Array(gain.length);
    for (let v = 0; v < gain.length; v++) this.#push(v);
  }

  /** Takes the node with the best gain that may move; −1 where there is none. */
  best(forced: number, mayMove: (node: number) => boolean): number {
    const tops = [0, 1].map((side) => (forced === -1 || forced === side ? this.#top(side, mayMove) : -1));
    const [a, b] = tops as [number, number];
    const chosen = a === -1 ? b : b === -1 || (this.#gain[a] ?? NaN) >= (this.#gain[b] ?? NaN) ? a : b;
    if (chosen !== -1) this.#moved[chosen] = 1;
    return chosen;
  }

  update(node: number): void {
    if (this.#moved[node] === 0) this.#push(node);
  }

  #push(node: number): void {
    const heap = this.#heaps[this.#side[node] ?? NaN] as [number, number][];
    heap.push([this.#gain[node] ?? NaN, node]);
    let i = heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if ((heap[parent] as [number, number])[0] >= (heap[i] as [number, number])[0]) break;
      [heap[parent], heap[i]] = [heap[i] as [number, number], heap[parent] as [number, number]];
      i = parent;
    }
  }

  #pop(heap: [number, number][]): void {
    const last = heap.pop() as [number, number];
    if (heap.length === 0) return;
    heap[0] = last;
    let i = 0;
    for (;;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let most = i;
      if (left < heap.length && (heap[left] as [number, number])[0] > (heap[most] as [number, number])[0])
        most = left;
      if (right < heap.length && (heap[right] as [number, number])[0] > (heap[most] as [number, number])[0])
        most = right;
      if (most === i) return;
      [heap[most], heap[i]] = [heap[i] as [number, number], heap[most] as [number, number]];
      i = most;
    }
  }

  #top(side: number, mayMove: (node: number) => boolean): number {
    const heap = this.#heaps[side] as [number, number][];
    while (heap.length > 0) {
      const [gain, node] = heap[0] as [number, number];
      const current = this.#moved[node] === 0 && this.#side[node] === side && this.#gain[node] === gain;
      if (current) return mayMove(node) ? node : -1;
      this.#pop(heap);
    }
    return -1;
  }
}
