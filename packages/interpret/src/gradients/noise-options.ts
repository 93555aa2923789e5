import type { Rng } from "@pellucid/core-train";
import type { RunOptions } from "../run/run-options.ts";

/** Options for averaging an attribution over noisy copies of its input. */
export interface NoiseOptions extends RunOptions {
  /** Random generator for the noise. */
  readonly rng: Rng;
  /** Number of noisy copies. Default: 25. */
  readonly samples?: number;
  /** The standard deviation of the noise, as a share of each example's range `max − min`. Default: 0.15. */
  readonly noise?: number;
}
