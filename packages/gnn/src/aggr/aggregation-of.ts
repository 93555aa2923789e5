import { checkChoice, OptionError, type Rng } from "@pellucid/core-train";
import { Aggregation } from "./aggregation.ts";
import {
  MaxAggregation,
  MeanAggregation,
  MinAggregation,
  MulAggregation,
  SumAggregation,
} from "./basic-aggregations.ts";
import { LSTMAggregation } from "./lstm-aggregation.ts";
import { PowerMeanAggregation } from "./power-mean-aggregation.ts";
import { MedianAggregation } from "./quantile-aggregation.ts";
import { SoftmaxAggregation } from "./softmax-aggregation.ts";
import { StdAggregation, VarAggregation } from "./var-aggregation.ts";

const named = {
  add: () => new SumAggregation(),
  sum: () => new SumAggregation(),
  mean: () => new MeanAggregation(),
  max: () => new MaxAggregation(),
  min: () => new MinAggregation(),
  mul: () => new MulAggregation(),
  var: () => new VarAggregation(),
  std: () => new StdAggregation(),
  median: () => new MedianAggregation(),
  softmax: () => new SoftmaxAggregation(),
  powermean: () => new PowerMeanAggregation(),
};

/** The name of an aggregation without weights, with its defaults. */
export type AggregationName = keyof typeof named;

const NAMES = Object.keys(named) as [AggregationName];

/** An aggregation, by name with its defaults, or itself. */
export function aggregationOf(caller: string, aggr: AggregationName | Aggregation): Aggregation {
  if (aggr instanceof Aggregation) return aggr;
  if (typeof aggr === "object")
    throw new OptionError(caller, "aggr", "an object", `an aggregation or one of ${NAMES.join(", ")}`);
  checkChoice(caller, "aggr", aggr, NAMES);
  return named[aggr]();
}

/** {@link aggregationOf}, in which `"lstm"` reads so many features. */
export function aggregationOrLstm(
  caller: string,
  aggr: AggregationName | "lstm" | Aggregation,
  channels: number,
  rng: Rng,
): Aggregation {
  return aggr === "lstm" ? new LSTMAggregation(channels, channels, { rng }) : aggregationOf(caller, aggr);
}
