import type { Rng } from "../rng/rng.ts";

/** True with probability `p`, as torchvision draws it. */
export function drawBoolean(p: number, rng: Rng): boolean {
  return (rng.rand([1]).data[0] ?? NaN) < Math.fround(p);
}

/** A uniform number. */
export function drawUniform([low, high]: readonly [low: number, high: number], rng: Rng): number {
  return rng.uniform([1], low, high).data[0] ?? NaN;
}

/** An integer from `low` to `high − 1`. */
export function drawInteger(low: number, high: number, rng: Rng): number {
  return rng.randint(low, high, [1]).data[0] ?? NaN;
}
