import type { Rng } from "@pellucid/core-train";

/** One number from `low` to below `high`. */
export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * (rng.uint32() / 2 ** 32);
}

/** One of these. */
export function oneOf<T>(rng: Rng, choices: readonly T[]): T {
  return choices[rng.uint32() % choices.length] as T;
}

/** One standard normal number. */
export function normal(rng: Rng): number {
  return rng.randn([1]).data[0] ?? NaN;
}
