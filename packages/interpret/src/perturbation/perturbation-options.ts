import type { Rng } from "@pellucid/core-train";
import type { Baseline } from "../score/baseline.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Segments } from "./segments.ts";

/** Options for attributions that hide parts of the input. */
export interface PerturbationOptions extends RunOptions {
  readonly rng: Rng;
  /** Inputs that are shown or hidden together. Default: every input by itself. */
  readonly segments?: Segments;
  /** The value of hidden inputs. Default: 0. */
  readonly baseline?: Baseline;
  /** The number of evaluations of the score for each example. Default: 1024; {@link kernelShap}: 2048 more than twice the segments. */
  readonly samples?: number;
}
