/** How noisy an example is: `x = alpha · x₀ + sigma · ε`. */
export interface NoiseLevel {
  /** What the clean example is multiplied by. */
  readonly alpha: number;
  /** The standard deviation of the noise. */
  readonly sigma: number;
  /** What a model is given of it: a time step, a standard deviation, a time from 0 to 1. */
  readonly time: number;
}
