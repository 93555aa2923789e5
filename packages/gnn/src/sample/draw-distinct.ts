import type { Rng } from "@pellucid/core-train";

/**
 * `count` distinct integers from 0 to `n − 1`, every set with the same probability, in ascending order of their draws: Floyd's algorithm, with `count`
 * draws whatever `n` is.
 *
 * Bentley and Floyd, 1987. https://doi.org/10.1145/30401.315746
 */
export function drawDistinct(n: number, count: number, rng: Rng): number[] {
  const drawn = new Set<number>();
  for (let j = n - count; j < n; j++) {
    const t = rng.uint32() % (j + 1);
    drawn.add(drawn.has(t) ? j : t);
  }
  return [...drawn];
}
