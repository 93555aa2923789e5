import {
  type Buffer,
  checkChoice,
  checkOptions,
  OptionError,
  parameter,
  type Parameter,
  stateBuffer,
} from "@pellucid/core-train";
import { concat, div, mul, type Rank, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { countsOf } from "../propagate/segment.ts";
import { aggregationOf, type AggregationName } from "./aggregation-of.ts";
import { Aggregation } from "./aggregation.ts";
import { MultiAggregation } from "./multi-aggregation.ts";

/** How results are scaled by the number `d` of rows of their group. */
export type DegreeScaler = "identity" | "amplification" | "attenuation" | "linear" | "inverse_linear";

const SCALERS = ["identity", "amplification", "attenuation", "linear", "inverse_linear"] as const;

/** Options for {@link DegreeScalerAggregation}. */
export interface DegreeScalerAggregationOptions {
  /** Whether the mean degrees are learned. Default: false. */
  readonly trainNorm?: boolean;
}

/**
 * Aggregations whose results are scaled by how many rows a group has, in comparison with the training data:
 *
 *     amplification log(d + 1) / δ,   attenuation δ / log(d + 1),   linear d / δ′,   inverse_linear δ′ / d
 *
 * where `δ` is the mean of `log(d + 1)` and `δ′` that of `d` over the nodes that `degrees` counts. Where something is divided by it, `d` is at least 1.
 *
 * Corso et al., 2020. Principal neighbourhood aggregation for graph nets. https://arxiv.org/abs/2004.05718
 */
export class DegreeScalerAggregation extends Aggregation {
  readonly avgDegLin: Parameter<Rank.R1> | Buffer<Rank.R1>;
  readonly avgDegLog: Parameter<Rank.R1> | Buffer<Rank.R1>;
  readonly aggr: Aggregation;
  readonly scalers: readonly DegreeScaler[];

  /** @param degrees how many training nodes have each degree: `degrees[d]` */
  constructor(
    aggr: AggregationName | Aggregation | readonly (AggregationName | Aggregation)[],
    scaler: DegreeScaler | readonly DegreeScaler[],
    degrees: ArrayLike<number>,
    options: DegreeScalerAggregationOptions = {},
  ) {
    super();
    const caller = "DegreeScalerAggregation";
    checkOptions(caller, options, ["trainNorm"]);
    const scalers = typeof scaler === "string" ? [scaler] : scaler;
    if (!Array.isArray(scalers) || scalers.length === 0)
      throw new OptionError(caller, "scaler", "none", "one scaler or more");
    for (const name of scalers) checkChoice(caller, "scaler", name, SCALERS);
    const { linear, logarithmic } = meanDegrees(caller, degrees);
    this.scalers = [...scalers];
    this.aggr = Array.isArray(aggr)
      ? new MultiAggregation(aggr as (AggregationName | Aggregation)[])
      : aggregationOf(caller, aggr as AggregationName | Aggregation);
    const make = options.trainNorm === true ? parameter<Rank.R1> : stateBuffer<Rank.R1>;
    this.avgDegLin = make({ data: Float32Array.of(linear), shape: [1] });
    this.avgDegLog = make({ data: Float32Array.of(logarithmic), shape: [1] });
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const found = this.aggr.reduce(x, groups, size);
    const counts = countsOf(groups, size);
    const shape = [size, ...found.shape.slice(1).map(() => 1)];
    const at = (value: (n: number) => number) => tensor(counts.map(value), shape);
    const least = (n: number) => Math.max(1, n);
    const { avgDegLin, avgDegLog } = this;
    const factor: Readonly<Record<DegreeScaler, () => Tensor | number>> = {
      identity: () => 1,
      amplification: () =>
        div(
          at((n) => Math.log(n + 1)),
          avgDegLog,
        ),
      attenuation: () =>
        div(
          avgDegLog,
          at((n) => Math.log(least(n) + 1)),
        ),
      linear: () =>
        div(
          at((n) => n),
          avgDegLin,
        ),
      inverse_linear: () => div(avgDegLin, at(least)),
    };
    const scaled = this.scalers.map((name) => mul(found, factor[name]()));
    return scaled.length === 1 ? (scaled[0] as Tensor) : concat(scaled, -1);
  }

  override outChannels(inChannels: number): number {
    return this.aggr.outChannels(inChannels) * this.scalers.length;
  }
}

function meanDegrees(caller: string, degrees: ArrayLike<number>): { linear: number; logarithmic: number } {
  const counts = Array.from(degrees ?? []);
  const nodes = counts.reduce((total, n) => total + n, 0);
  if (!(nodes > 0 && counts.every((n) => Number.isInteger(n) && n >= 0)))
    throw new OptionError(
      caller,
      "degrees",
      `[${counts.join(", ")}]`,
      "how many nodes have each degree, some at all",
    );
  const mean = (value: (d: number) => number) =>
    counts.reduce((total, n, d) => total + n * value(d), 0) / nodes;
  return { linear: mean((d) => d), logarithmic: mean((d) => Math.log(d + 1)) };
}
