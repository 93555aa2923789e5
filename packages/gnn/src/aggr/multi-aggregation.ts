import {
  amax,
  amin,
  checkChoice,
  checkOptions,
  checkRng,
  checkSizes,
  Linear,
  logSumExp,
  OptionError,
  type Rng,
  sizeAlong,
} from "@pellucid/core-train";
import {
  concat,
  mean,
  mul,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { redraw } from "../redraw.ts";
import { aggregationOf, type AggregationName } from "./aggregation-of.ts";
import { Aggregation } from "./aggregation.ts";

const combine = {
  sum: (all: Tensor) => sum(all, 0),
  mean: (all: Tensor) => mean(all, 0),
  max: (all: Tensor) => amax(all, 0),
  min: (all: Tensor) => amin(all, 0),
  logsumexp: (all: Tensor) => logSumExp(all, 0),
  var: (all: Tensor) => variance(all),
  std: (all: Tensor) => sqrt(variance(all)),
};

const MODES = ["cat", "proj", ...Object.keys(combine)] as unknown as ["cat", "proj", keyof typeof combine];

/** Options for {@link MultiAggregation}. */
export type MultiAggregationOptions =
  | {
      /** How the results become one: side by side, or reduced. Default: `"cat"`. */
      readonly mode?: "cat" | keyof typeof combine;
      readonly inChannels?: never;
      readonly outChannels?: never;
      readonly rng?: never;
    }
  | {
      /** A linear map of all results. */
      readonly mode: "proj";
      /** The features of each result. */
      readonly inChannels: number;
      /** The features that come out. */
      readonly outChannels: number;
      /** Random generator for initialization. */
      readonly rng: Rng;
    };

/** Several aggregations of the same rows, whose results become one. */
export class MultiAggregation extends Aggregation {
  readonly aggrs: readonly Aggregation[];
  readonly mode: (typeof MODES)[number];
  readonly lin: Linear | null;

  constructor(aggrs: readonly (AggregationName | Aggregation)[], options: MultiAggregationOptions = {}) {
    super();
    const caller = "MultiAggregation";
    checkOptions(caller, options, ["mode", "inChannels", "outChannels", "rng"]);
    if (!Array.isArray(aggrs) || aggrs.length === 0)
      throw new OptionError(
        caller,
        "aggrs",
        Array.isArray(aggrs) ? "[]" : typeof aggrs,
        "a list of one aggregation or more",
      );
    const { mode = "cat" } = options;
    checkChoice(caller, "mode", mode, MODES);
    this.mode = mode;
    if (options.mode === "proj") {
      checkRng(caller, options);
      checkSizes(caller, { inChannels: options.inChannels, outChannels: options.outChannels });
      if (aggrs.length === 1) throw new OptionError(caller, "aggrs", "one", "two or more to map together");
    }
    this.aggrs = aggrs.map((aggr) => aggregationOf(caller, aggr));
    this.lin = null;
    if (options.mode === "proj") {
      const { inChannels, outChannels, rng } = options;
      this.lin = new Linear(inChannels * aggrs.length, outChannels, { rng });
    }
  }

  /** Draws all weights anew. */
  resetParameters(rng: Rng): void {
    for (const part of [...this.aggrs, this.lin]) if (part !== null) redraw(part, rng);
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const found = this.aggrs.map((aggr) => aggr.reduce(x, groups, size));
    const [first] = found;
    if (found.length === 1 && first !== undefined) return first;
    if (this.mode === "cat" || this.mode === "proj") {
      const joined = concat(found, -1);
      return this.lin === null ? joined : this.lin.forward(joined as Tensor2D);
    }
    return combine[this.mode](stack(found, 0));
  }

  override outChannels(inChannels: number): number {
    if (this.lin !== null) return this.lin.outFeatures;
    if (this.mode !== "cat") return inChannels;
    return this.aggrs.reduce((total, aggr) => total + aggr.outChannels(inChannels), 0);
  }
}

/** The unbiased variance over the first axis, as torch.var. */
function variance(x: Tensor): Tensor {
  const n = sizeAlong(x, 0);
  const centered = sub(x, mean(x, 0, true));
  return mul(sum(square(centered), 0), 1 / (n - 1));
}
