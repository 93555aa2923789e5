import type { NoiseLevel } from "./noise-level.ts";

/** What a model makes of a noisy example. */
export interface Denoised<V> {
  /** The estimate of the clean example. */
  readonly x0: V;
  /** Multiplies standard normal noise by the learned standard deviation of the step, where a model has one. */
  readonly scaleNoise?: (noise: V) => V;
}

/** The step of a {@link Solver}: tensors on a backend, or arrays of 64 bits in a test. */
export interface SolverStep<V> {
  readonly x: V;
  readonly from: NoiseLevel;
  readonly to: NoiseLevel;
  /** Steps altogether. */
  readonly steps: number;
  readonly isLast: boolean;
  /** The estimate of the previous step and the level where it began; `null` at the first step. */
  readonly previous: { readonly x0: V; readonly from: NoiseLevel } | null;
  readonly denoise: (x: V, level: NoiseLevel) => Denoised<V>;
  /** Draws standard normal noise. */
  readonly noise: () => V;
  /** The sum of values times their weights. */
  readonly combine: (...terms: readonly (readonly [weight: number, value: V])[]) => V;
}

/**
 * Takes a noisy example from one noise level to a lower one. A solver only adds multiples of what a model says, and computes the
 * factors in 64 bits.
 */
export type Solver = <V>(step: SolverStep<V>) => { readonly x: V; readonly x0: V };
