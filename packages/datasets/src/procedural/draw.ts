import type { Rng } from "@pellucid/core-train";

/** A uniform random number in `[low, high)`, from 32 random bits. `torch.rand` uses 24, so its numbers differ. */
export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * (rng.uint32() / 2 ** 32);
}

/** A random element of `choices`. */
export function oneOf<T>(rng: Rng, choices: readonly T[]): T {
  return choices[rng.uint32() % choices.length] as T;
}

/** A standard normal random number, as `torch.randn(1)` draws it. */
export function normal(rng: Rng): number {
  return rng.randn([1]).data[0] ?? NaN;
}
