// A misspelt option is an error that says how it is written.
import { useBackend } from "@pellucid/backends";
import { Linear, OptionError, Rng } from "@pellucid/core-train";
import {
  BayesianLinear,
  certify,
  conformalIntervals,
  conformalSets,
  elboLoss,
  energyScore,
  intervalBounds,
  intervalLoss,
  LastLayerLaplace,
  reliability,
} from "@pellucid/bayesian";
import { scalar, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "cpu" }));

const rng = new Rng(0);
const x = () => tensor2d([[0, 1]]);
const one = () => scalar(1);
const range = { lower: 0, upper: 1 };
const misspelt: Readonly<Record<string, readonly [right: string, call: () => unknown]>> = {
  LastLayerLaplace: [
    "structure",
    () => new LastLayerLaplace([[1]], [[0.5, 0.5]], { structur: "kronecker" } as never),
  ],
  reliability: ["bins", () => reliability([0.5], [1], { bin: 3 } as never)],
  conformalIntervals: ["alpha", () => conformalIntervals([range], [0], { alpha: 0.1, alfa: 0.2 } as never)],
  conformalSets: ["score", () => conformalSets([[1]], [0], { alpha: 0.1, scores: () => [] } as never)],
  intervalLoss: ["coverage", () => intervalLoss({ lower: x(), upper: x() }, x(), { coverge: 1 } as never)],
  certify: [
    "margin",
    () =>
      certify(new Linear(2, 2, { rng }), x(), tensor1d([0], "int32"), {
        radius: 0.1,
        bounds: intervalBounds,
        margn: 1,
      } as never),
  ],
  energyScore: ["temperature", () => energyScore(x(), { temprature: 2 } as never)],
  elboLoss: ["beta", () => elboLoss(one(), one(), { datasetSize: 2, betta: 1 } as never)],
  BayesianLinear: ["prior", () => new BayesianLinear(1, 1, { rng, priour: {} } as never)],
};

test.each(Object.entries(misspelt))("%s refuses a misspelt option", async (name, [right, call]) => {
  const made = async () => await call();
  await expect(made()).rejects.toThrow(OptionError);
  await expect(made()).rejects.toThrow(new RegExp(`^${name}: there is no option .*\\b${right}\\b`));
});
