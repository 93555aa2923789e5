import type { NoiseLevel } from "./noise-level.ts";

/** The variance that noising adds on the way back from `to` to `from`: `σ² − (α / α′)² σ′²`, which is `β` between neighboring time steps. */
export function forwardVariance(from: NoiseLevel, to: NoiseLevel): number {
  return Math.max(0, from.sigma ** 2 - ((from.alpha / to.alpha) * to.sigma) ** 2);
}

/** The standard deviation of the step to `to`, given where it begins and where it ends: `√β̃`. */
export function bridgeDeviation(from: NoiseLevel, to: NoiseLevel): number {
  return (to.sigma / from.sigma) * Math.sqrt(forwardVariance(from, to));
}
