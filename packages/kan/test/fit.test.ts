// Training as pykan's fit: the steps of a twin in PyTorch, in 64 bits.
import { type BackendName, useBackend } from "@pellucid/backends";
import { OptionError, Rng, ShapeError } from "@pellucid/core-train";
import { fitKan, type FitKanOptions, KAN, type KanStep } from "@pellucid/kan";
import { fixture } from "@pellucid/testing";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly steps: readonly (readonly [train: number, test: number, reg: number])[];
  readonly x: number[];
  readonly y: number[];
  readonly other: number[];
  readonly otherY: number[];
}
const torch = fixture<{ adam: Case; lbfgs: Case }>(import.meta.url, "../fixtures/torch/fit.json");
const backends: readonly BackendName[] = ["cpu", "wasm"];

const examplesOf = ({ x, y, other, otherY }: Case) => ({
  train: { x: tensor2d(x, [40, 2]), y: tensor2d(y, [40, 1]) },
  test: { x: tensor2d(other, [30, 2]), y: tensor2d(otherY, [30, 1]) },
});

async function stepsOf(run: AsyncIterable<KanStep>): Promise<KanStep[]> {
  const steps: KanStep[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}

describe.each(backends)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  const settings = {
    adam: { steps: 10, lamb: 1e-2, learningRate: 2e-2, gridUpdateNum: 2, stopGridUpdateStep: 8 },
    lbfgs: { steps: 2, lamb: 1e-3, gridUpdateNum: 1, stopGridUpdateStep: 1 },
  };
  // L-BFGS follows curvatures estimated in 32 bits there and 64 here: after 20 iterations a percent apart
  const near = { adam: 2e-4, lbfgs: 2e-2 };

  // op by op L-BFGS takes long in plain JavaScript
  test.each(only === "cpu" ? (["adam"] as const) : (["adam", "lbfgs"] as const))(
    "the steps of %s are those of the twin",
    async (optimizer) => {
      const { train, test: other } = examplesOf(torch[optimizer]);
      const model = new KAN([2, 5, 1], { rng: new Rng(4) });
      const before = memory().numTensors;
      const found = await stepsOf(fitKan(model, train, { optimizer, ...settings[optimizer], test: other }));
      expect(memory().numTensors).toBe(before);
      const rows = found.map(({ trainLoss, testLoss, reg }) => [trainLoss, testLoss, reg]);
      expect(rows.flat()).toBeAllclose(torch[optimizer].steps.flat(), { rtol: near[optimizer], atol: 1e-5 });
      for (const { x, y } of [train, other]) for (const each of [x, y]) each.dispose();
      model.dispose();
    },
  );
});

test("batches are drawn, the loss falls, and a signal ends it", async () => {
  const { train } = examplesOf(torch.adam);
  const model = new KAN([2, 3, 1], { rng: new Rng(0) });
  const options: FitKanOptions = {
    optimizer: "adam",
    learningRate: 0.05,
    steps: 40,
    batch: 16,
    rng: new Rng(1),
    updateGrid: false,
  };
  const before = memory().numTensors;
  const found = await stepsOf(fitKan(model, train, options));
  expect(found.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(found.at(-1)?.testLoss).toBeNull();
  expect(found.at(-1)?.reg).toBe(0);
  const mean = (of: readonly KanStep[]) => of.reduce((sum, { trainLoss }) => sum + trainLoss, 0) / of.length;
  expect(mean(found.slice(-5))).toBeLessThan(mean(found.slice(0, 5)) / 2);
  const ended = new AbortController();
  for await (const { step } of fitKan(model, train, { ...options, signal: ended.signal })) {
    expect(step).toBe(1);
    ended.abort();
  }
  expect(memory().numTensors).toBe(before);
  const first = (wrong: object) => fitKan(model, train, wrong as FitKanOptions).next();
  for (const wrong of [{ lambda: 1 }, { optimizer: "sgd" }, { steps: 0 }, { batch: 4 }, { lamb: -1 }])
    expect(() => first(wrong)).toThrow(OptionError);
  expect(() => first({ test: { x: train.y, y: train.y } })).toThrow(ShapeError);
  const weight = [...model.namedParameters()].map(([, slot]) => [...slot.dataSync()]);
  const y = tensor2d(
    train.y.dataSync().map((value, i) => (i === 3 ? NaN : value)),
    train.y.shape,
  );
  await expect(fitKan(model, { x: train.x, y }).next()).rejects.toThrow(
    "examples.y has a number in row 3 that is not finite",
  );
  expect([...model.namedParameters()].map(([, slot]) => [...slot.dataSync()])).toEqual(weight);
  y.dispose();
  for (const each of [train.x, train.y, model]) each.dispose();
});
