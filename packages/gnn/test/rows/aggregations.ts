import { Linear, type Rng } from "@pellucid/core-train";
import {
  type Aggregation,
  AttentionalAggregation,
  DegreeScalerAggregation,
  LSTMAggregation,
  MaxAggregation,
  MeanAggregation,
  MedianAggregation,
  MinAggregation,
  MulAggregation,
  MultiAggregation,
  PowerMeanAggregation,
  QuantileAggregation,
  type QuantileInterpolation,
  Set2Set,
  SoftmaxAggregation,
  StdAggregation,
  SumAggregation,
  VarAggregation,
} from "@pellucid/gnn";
import type { Tensor } from "@tensorflow/tfjs-core";

const degrees = [1, 2, 5, 3, 0, 1];
export const scalers = ["identity", "amplification", "attenuation", "linear", "inverse_linear"] as const;

const quantile = (interpolation: QuantileInterpolation) => () =>
  new QuantileAggregation(0.3, { interpolation, fillValue: -1 });

/** Rows by the titles of the fixture. */
export const aggregations: Readonly<Record<string, (rng: Rng) => Aggregation>> = {
  SumAggregation: () => new SumAggregation(),
  MeanAggregation: () => new MeanAggregation(),
  "MeanAggregation of several axes": () => new MeanAggregation(),
  MaxAggregation: () => new MaxAggregation(),
  MinAggregation: () => new MinAggregation(),
  MulAggregation: () => new MulAggregation(),
  VarAggregation: () => new VarAggregation(),
  "VarAggregation, semi-gradient": () => new VarAggregation({ semiGrad: true }),
  StdAggregation: () => new StdAggregation(),
  SoftmaxAggregation: () => new SoftmaxAggregation(),
  "SoftmaxAggregation, semi-gradient": () => new SoftmaxAggregation({ t: 0.5, semiGrad: true }),
  "SoftmaxAggregation, learned": () => new SoftmaxAggregation({ t: 0.1, learn: true }),
  "SoftmaxAggregation, learned by channel": () =>
    new SoftmaxAggregation({ t: 0.1, learn: true, channels: 3 }),
  PowerMeanAggregation: () => new PowerMeanAggregation(),
  "PowerMeanAggregation, learned": () => new PowerMeanAggregation({ p: 2, learn: true }),
  "PowerMeanAggregation, learned by channel": () =>
    new PowerMeanAggregation({ p: 2, learn: true, channels: 3 }),
  MedianAggregation: () => new MedianAggregation(),
  QuantileAggregation: () => new QuantileAggregation([0.1, 0.5, 0.8]),
  "QuantileAggregation, lower": quantile("lower"),
  "QuantileAggregation, higher": quantile("higher"),
  "QuantileAggregation, nearest": quantile("nearest"),
  "QuantileAggregation, midpoint": quantile("midpoint"),
  LSTMAggregation: (rng) => new LSTMAggregation(3, 4, { rng }),
  Set2Set: (rng) => new Set2Set(3, 3, { rng }),
  AttentionalAggregation: (rng) =>
    new AttentionalAggregation(new Linear(3, 1, { rng }), new Linear(3, 2, { rng })),
  "AttentionalAggregation of the rows": (rng) => new AttentionalAggregation(new Linear(3, 3, { rng })),
  MultiAggregation: () => new MultiAggregation(["mean", "max", "std"]),
  "MultiAggregation, reduced": () => new MultiAggregation(["mean", "max", "sum"], { mode: "logsumexp" }),
  "MultiAggregation, std": () => new MultiAggregation(["mean", "max", "sum"], { mode: "max" }),
  "MultiAggregation, projected": (rng) =>
    new MultiAggregation(["mean", "max"], { mode: "proj", inChannels: 3, outChannels: 2, rng }),
  DegreeScalerAggregation: () => new DegreeScalerAggregation(["mean", "max", "sum", "std"], scalers, degrees),
  "DegreeScalerAggregation, learned": () =>
    new DegreeScalerAggregation(["mean"], ["amplification", "inverse_linear"], degrees, { trainNorm: true }),
};

/** What each takes of a case's inputs. */
export const aggregated = ([x, index]: readonly Tensor[]) => ({ x, index, size: 7 });
