import { checkChoice, checkOptions, checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import { checkHostEdges, type HostEdges } from "../convert/host-edges.ts";
import { pairAt } from "../data/draw-pairs.ts";

/** Options for {@link negativeSampling}. */
export interface NegativeSamplingOptions {
  /** Random generator for the draws. */
  readonly rng: Rng;
  /** How many edges to draw. Default: as many as there are. */
  readonly count?: number;
  /** Whether no pair is drawn that is joined in either direction, nor both directions of a pair. Default: false. */
  readonly undirected?: boolean;
  /** Whether each pair gives both its directions; `count` is then of both together. It implies `undirected`. Default: false. */
  readonly forceUndirected?: boolean;
}

/**
 * Draws edges that a graph does not have, each once, and no loops: PyG's `negative_sampling`. If fewer exist it returns all of them; PyG may return fewer after three tries.
 */
export function negativeSampling(edges: HostEdges, options: NegativeSamplingOptions): HostEdges {
  checkRng("negativeSampling", options);
  checkOptions("negativeSampling", options, ["rng", "count", "undirected", "forceUndirected"]);
  checkHostEdges("negativeSampling", edges);
  const {
    rng,
    count = edges.sources.length,
    forceUndirected = false,
    undirected = forceUndirected,
  } = options;
  checkSizes("negativeSampling", { count }, 0);
  checkChoice("negativeSampling", "undirected", undirected, [true, false]);
  checkChoice("negativeSampling", "forceUndirected", forceUndirected, [true, false]);
  const { sources, targets, numNodes } = edges;
  const population = undirected ? (numNodes * (numNodes - 1)) / 2 : numNodes * (numNodes - 1);
  const keyOf = (u: number, v: number) => {
    if (!undirected) return u * (numNodes - 1) + v - Number(v > u);
    const [low, high] = [Math.min(u, v), Math.max(u, v)];
    return (high * (high - 1)) / 2 + low;
  };
  const taken = new Set<number>();
  for (const [e, u] of sources.entries()) {
    const v = targets[e] ?? NaN;
    if (u !== v) taken.add(keyOf(u, v));
  }
  const wanted = Math.min(forceUndirected ? Math.floor(count / 2) : count, population - taken.size);
  const drawn = drawUntaken(population, wanted, taken, rng);
  const pairs = drawn.map((key): readonly [number, number] => {
    if (undirected) return pairAt(key);
    const u = Math.floor(key / (numNodes - 1));
    const rest = key % (numNodes - 1);
    return [u, rest + Number(rest >= u)];
  });
  const both = forceUndirected ? [...pairs, ...pairs.map(([u, v]) => [v, u] as const)] : pairs;
  return {
    numNodes,
    sources: Int32Array.from(both, ([u]) => u),
    targets: Int32Array.from(both, ([, v]) => v),
  };
}

/** Distinct integers below `population` that are not taken: by rejection where most are free, otherwise out of a list. */
function drawUntaken(population: number, wanted: number, taken: ReadonlySet<number>, rng: Rng): number[] {
  const below = (n: number) => Math.floor((rng.uint32() * 2 ** 21 + (rng.uint32() >>> 11)) * 2 ** -53 * n);
  if (taken.size + wanted < 0.7 * population) {
    const drawn = new Set<number>();
    while (drawn.size < wanted) {
      const key = below(population);
      if (!taken.has(key)) drawn.add(key);
    }
    return [...drawn];
  }
  const free = Array.from({ length: population }, (_, key) => key).filter((key) => !taken.has(key));
  for (let i = 0; i < wanted; i++) {
    const j = i + below(free.length - i);
    [free[i], free[j]] = [free[j] ?? NaN, free[i] ?? NaN];
  }
  return free.slice(0, wanted);
}
