import type { Neighbors } from "./nearest-neighbors.ts";

/** Who is near whom, and how much, from 0 to 1: each pair once. */
export interface FuzzyNeighbors {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly weights: Float64Array;
}

/**
 * `w = exp(−(d − ρ) / σ)` with `ρ` the distance of the nearest and `σ` such that a row adds up to `log₂(neighbors + 1)`; then the union
 * `a + b − a b` of both ways.
 *
 * McInnes, Healy and Melville, 2018, algorithms 2 and 3. https://arxiv.org/abs/1802.03426
 */
export function fuzzyNeighbors({ count, indices, squaredDistances }: Neighbors): FuzzyNeighbors {
  const examples = indices.length / count;
  const weights = new Map<number, number>();
  for (let i = 0; i < examples; i++) {
    memberships(squaredDistances.subarray(i * count, (i + 1) * count)).forEach((weight, k) => {
      const j = indices[i * count + k] as number;
      const pair = Math.min(i, j) * examples + Math.max(i, j);
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

/** Of one example's neighbors, from near to far. */
export function memberships(squaredDistances: Float64Array): Float64Array {
  const distances = squaredDistances.map(Math.sqrt);
  const nearest = distances.find((d) => d > 0) ?? 0;
  const target = Math.log2(distances.length + 1);
  const row = (sigma: number) => distances.map((d) => (d <= nearest ? 1 : Math.exp(-(d - nearest) / sigma)));
  let [low, high, sigma] = [0, Infinity, 1];
  for (let round = 0; round < 64; round++) {
    const off = row(sigma).reduce((a, b) => a + b, 0) - target;
    if (Math.abs(off) < 1e-12) break;
    if (off > 0) [high, sigma] = [sigma, (low + sigma) / 2];
    else [low, sigma] = [sigma, high === Infinity ? sigma * 2 : (sigma + high) / 2];
  }
  const mean = distances.reduce((a, b) => a + b, 0) / distances.length;
  return row(Math.max(sigma, 1e-3 * mean)); // umap-learn's floor, where copies leave nothing to share
}
