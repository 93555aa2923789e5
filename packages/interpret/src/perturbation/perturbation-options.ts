import type { Rng } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Baseline } from "../score/baseline.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { SegmentsOf } from "./segments.ts";

/** Options for attributions that hide parts of the input. */
export interface PerturbationOptions<X = Tensor> extends RunOptions {
  readonly rng: Rng;
  /** Inputs that are shown or hidden together. Default: every input by itself. */
  readonly segments?: SegmentsOf<X>;
  /** The value of hidden inputs. Default: 0. */
  readonly baseline?: Baseline<X>;
  /** The number of evaluations of the score for each example. Default: 1024; {@link kernelShap}: 2048 more than twice the segments. */
  readonly samples?: number;
}
