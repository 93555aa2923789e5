import type { Neighbors } from "./nearest-neighbors.ts";

/** UMAP's weighted neighbor graph, as a list of undirected edges. */
export interface FuzzyNeighbors {
  /** The smaller example index of each edge, `[edge]`. */
  readonly heads: Int32Array;
  /** The larger example index of each edge, `[edge]`. */
  readonly tails: Int32Array;
  /** From 0 to 1, `[edge]`. */
  readonly weights: Float64Array;
}

/**
 * UMAP's neighbor graph. The {@link memberships} `a` from `i` to `j` and `b` from `j` to `i` become one edge of weight
 * `a + b − a b`, the fuzzy union.
 *
 * McInnes, Healy and Melville, 2018, algorithm 1. https://arxiv.org/abs/1802.03426
 */
export function fuzzyNeighbors({ count, indices, squaredDistances }: Neighbors): FuzzyNeighbors {
  const examples = indices.length / count;
  const weights = new Map<number, number>();
  for (let i = 0; i < examples; i++) {
    memberships(squaredDistances.subarray(i * count, (i + 1) * count)).forEach((weight, k) => {
      const j = indices[i * count + k] as number;
      const pair = Math.min(i, j) * examples + Math.max(i, j); // one key for (i, j) and (j, i)
      const other = weights.get(pair) ?? 0;
      weights.set(pair, weight + other - weight * other);
    });
  }
  const pairs = [...weights.keys()];
  return {
    heads: Int32Array.from(pairs, (pair) => Math.floor(pair / examples)),
    tails: Int32Array.from(pairs, (pair) => pair % examples),
    weights: Float64Array.from(weights.values()),
  };
}

/**
 * Membership strengths `exp(−max(0, d − ρ) / σ)` of one example's neighbors at distances `d`. `ρ` is the smallest positive distance, and
 * bisection finds the `σ` for which the strengths sum to `log₂(count + 1)`. `count` excludes the example itself, umap-learn's
 * `n_neighbors` includes it.
 *
 * McInnes, Healy and Melville, 2018, algorithms 2 and 3.
 *
 * @param squaredDistances `[count]`, ascending
 * @returns `[count]`
 */
export function memberships(squaredDistances: Float64Array): Float64Array {
  const distances = squaredDistances.map(Math.sqrt);
  const nearest = distances.find((d) => d > 0) ?? 0;
  const target = Math.log2(distances.length + 1);
  const strengths = (sigma: number) =>
    distances.map((d) => (d <= nearest ? 1 : Math.exp(-(d - nearest) / sigma)));
  let [low, high, sigma] = [0, Infinity, 1];
  for (let iteration = 0; iteration < 64; iteration++) {
    const excess = strengths(sigma).reduce((a, b) => a + b, 0) - target;
    if (Math.abs(excess) < 1e-12) break;
    if (excess > 0) [high, sigma] = [sigma, (low + sigma) / 2];
    else [low, sigma] = [sigma, high === Infinity ? sigma * 2 : (sigma + high) / 2];
  }
  const mean = distances.reduce((a, b) => a + b, 0) / distances.length;
  return strengths(Math.max(sigma, 1e-3 * mean)); // a lower bound, as in umap-learn: duplicates can drive sigma to 0
}
