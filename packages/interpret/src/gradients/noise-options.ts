import type { Rng } from "@pellucid/core-train";
import type { RunOptions } from "../run/run-options.ts";

/** How a map is averaged over noisy copies of its input. */
export interface NoiseOptions extends RunOptions {
  /** Where the noise comes from. */
  readonly rng: Rng;
  /** How many noisy copies. Default: 25. */
  readonly samples?: number;
  /** The noise's deviation as a share of each example's range `max − min`. Default: 0.15. */
  readonly noise?: number;
}
