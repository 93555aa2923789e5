import type { Rng } from "@pellucid/core-train";
import type { Baseline } from "../score/baseline.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Segments } from "./segments.ts";

/** What is hidden, and how often it is asked. */
export interface PerturbationOptions extends RunOptions {
  readonly rng: Rng;
  /** What is seen or hidden together. Default: every input by itself. */
  readonly segments?: Segments;
  /** What stands where nothing is seen. Default: 0. */
  readonly baseline?: Baseline;
  /** How often the score may be asked about an example. Default: 1024. */
  readonly samples?: number;
}
