import { useBackend } from "@pellucid/backends";
import {
  adam,
  adamw,
  AlphaDropout,
  AveragedModel,
  BatchNorm1d,
  bufferValue,
  compile,
  crossEntropy,
  disposeLeaves,
  Dropout,
  ema,
  freeze,
  intercept,
  Linear,
  LSTM,
  type Module,
  moduleAt,
  mseLoss,
  Optimizer,
  parameter,
  ReLU,
  Rng,
  Sequential,
  sgd,
  trainable,
  trainStep,
  unfreeze,
} from "@pellucid/core-train";
import {
  clone,
  keep,
  memory,
  mul,
  type Tensor,
  tensor1d,
  type Tensor1D,
  tensor2d,
  type Tensor2D,
  tensor3d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Between, type Learner, trainTwins } from "./twins.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

type Inputs = [Tensor2D, Tensor1D];

function learner(...hidden: ((rng: Rng) => never)[]): Learner<Inputs> {
  const rng = new Rng(0);
  const layers = hidden.map((make) => make(rng));
  const model = new Sequential(new Linear(5, 8, { rng }), ...layers, new ReLU(), new Linear(8, 3, { rng }));
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(model));
  const step = (x: Tensor2D, y: Tensor1D) =>
    trainStep(model, optimizer, () => crossEntropy(model.forward(x) as Tensor2D, y));
  return { model, optimizers: [optimizer], rng, step };
}

function batch(step: number, size = 4): Inputs {
  const rng = new Rng(step);
  return [tensor2d(rng.randn([size, 5]).data, [size, 5]), tensor1d(rng.randint(0, 3, [size]).data, "int32")];
}

const first = (model: Module): Linear => moduleAt(model, "0") as Linear;

const layer = (make: (rng: Rng) => unknown) => make as (rng: Rng) => never;

describe("compiled training is the same to the bit", () => {
  test.each([
    ["dropout", [layer((rng) => new Dropout(0.3, { rng }))]],
    [
      "dropout of two kinds, in order",
      [layer((rng) => new AlphaDropout(0.2, { rng })), layer((rng) => new Dropout(0.5, { rng }))],
    ],
    ["batch norm", [layer(() => new BatchNorm1d(8))]],
    ["batch norm with plain averages", [layer(() => new BatchNorm1d(8, { momentum: null }))]],
  ] as const)("with %s", async (_, hidden) => {
    const { eager, compiled, report } = await trainTwins(() => learner(...hidden), batch, 20);
    expect(compiled).toEqual(eager);
    expect(report).toMatchObject({ replayed: 18, eager: 2 });
  });

  test("with a last batch that is smaller: it has a recording of its own", async () => {
    const make = (i: number) => batch(i, i % 5 === 4 ? 2 : 4);
    const { eager, compiled, report } = await trainTwins(() => learner(), make, 30);
    expect(compiled).toEqual(eager);
    expect(report.plans).toHaveLength(2);
    expect(report.replayed).toBe(26);
  });

  const betweens: Readonly<Record<string, Between<Inputs>>> = {
    "eager steps": ({ step }, i) => {
      if (i % 4 === 3) void step(...batch(100 + i));
    },
    "parameters that are set": ({ model }, i) => {
      if (i % 5 === 4)
        for (const [, each] of model.namedParameters()) tidy(() => each.assign(mul(each, 0.5) as never));
    },
    "a state of the optimizer that is restored": ({ optimizers: [optimizer] }, i) => {
      if (i === 7)
        optimizer?.restore(new Optimizer(adam({ learningRate: 0.01 }), optimizer.parameters).state);
    },
    "a layer that is frozen, and not anymore": ({ model }, i) => {
      if (i === 5) freeze(first(model));
      if (i === 10) unfreeze(model);
    },
    "memory that grows": (_, i) => {
      if (i % 8 === 5) zeros([1024, 1024 * (1 + i)]).dispose();
    },
  };

  test.each(Object.keys(betweens))("with %s in between", async (name) => {
    const { eager, compiled, report } = await trainTwins(() => learner(), batch, 20, betweens[name]);
    expect(compiled).toEqual(eager);
    expect(report.replayed, JSON.stringify(report.reasons)).toBeGreaterThan(14);
  });

  test("with an average of the weights", async () => {
    const averaged = () => {
      const own = learner(layer(() => new BatchNorm1d(8)));
      const average = new AveragedModel(own.model as Sequential, { average: ema(0.9) });
      const step = (...inputs: Inputs) => {
        const loss = own.step(...inputs);
        average.update();
        return loss;
      };
      return { ...own, model: average, step };
    };
    const { eager, compiled, report } = await trainTwins(averaged, batch, 20);
    expect(compiled).toEqual(eager);
    expect(report.replayed, JSON.stringify(report.reasons)).toBe(18);
  });

  test("with two optimizers in a step", async () => {
    const two = (): Learner<Inputs> => {
      const rng = new Rng(0);
      const [a, b] = [new Linear(5, 3, { rng }), new Linear(3, 3, { rng })];
      const model = new Sequential(a, b);
      const optimizers = [
        new Optimizer(adamw(), trainable(a)),
        new Optimizer(sgd({ momentum: 0.9 }), trainable(b)),
      ];
      const step = (x: Tensor2D, y: Tensor1D) => {
        const [first, second] = optimizers as [Optimizer, Optimizer];
        void trainStep(model, first, () => crossEntropy(b.forward(a.forward(x)), y));
        return trainStep(model, second, () => crossEntropy(b.forward(a.forward(x)), y));
      };
      return { model, optimizers, rng, step };
    };
    const { eager, compiled, report } = await trainTwins(two, batch, 20);
    expect(compiled).toEqual(eager);
    expect(report.replayed, JSON.stringify(report.reasons)).toBe(18);
  });
});

test("a state that is carried from step to step is the same to the bit", async () => {
  const make = () => {
    const rng = new Rng(0);
    const model = new LSTM(3, 4, { rng });
    const optimizer = new Optimizer(adam({ learningRate: 0.1 }), trainable(model));
    type State = ReturnType<typeof model.initialState>;
    const step = (x: Tensor, y: Tensor, state: State) =>
      trainStep(model, optimizer, () => {
        const { output, state: next } = model.step(x as never, state);
        return { loss: mseLoss(output, y as never), state: next };
      });
    return { model, optimizer, step };
  };
  const [one, other] = [make(), make()];
  const compiled = compile(other.step);
  await compiled.ready;
  let [a, b] = [one.model.initialState(2), other.model.initialState(2)];
  for (let i = 0; i < 12; i++) {
    const rng = new Rng(i);
    const x = tensor3d(rng.randn([2, 5, 3]).data, [2, 5, 3]);
    const y = tensor3d(rng.randn([2, 5, 4]).data, [2, 5, 4]);
    const [eager, replayed] = [one.step(x, y, a), compiled(x, y, b)];
    disposeLeaves([a, b, x, y]);
    [a, b] = [eager.state, replayed.state];
    expect(await replayed.loss).toBe(await eager.loss);
  }
  expect(compiled.report().replayed).toBe(10);
  compiled.dispose();
  disposeLeaves([a, b]);
});

test("what was kept of a parameter before a step keeps its numbers", async () => {
  const { model, optimizers, step } = learner();
  const compiled = compile(step);
  await compiled.ready;
  for (let i = 0; i < 4; i++) await compiled(...batch(i));
  const weight = first(model).weight;
  const state = optimizers[0]?.state as { slots: Record<string, { mu: Tensor }> };
  const kept = [keep(clone(weight)), keep(clone(state.slots["0.weight"]?.mu as Tensor))];
  const before = kept.map((each) => [...each.dataSync()]);
  for (let i = 0; i < 4; i++) await compiled(...batch(i));
  expect(kept.map((each) => [...each.dataSync()])).toEqual(before);
  expect([...weight.dataSync()]).not.toEqual(before[0]);
  expect(compiled.report().replayed).toBe(6);
});

test("a wrong label is the error that it is without compile, and changes nothing", async () => {
  const { model, step } = learner();
  const compiled = compile(step);
  await compiled.ready;
  for (let i = 0; i < 3; i++) await compiled(...batch(i));
  const [x] = batch(0);
  const before = [...model.namedParameters()].map(([, each]) => [...each.dataSync()]);
  expect(() => compiled(x, tensor1d([0, 1, 7, 0], "int32"))).toThrow(
    "crossEntropy: target[2] is 7, expected a class from 0 to 2, or -100 for one to ignore.",
  );
  expect([...model.namedParameters()].map(([, each]) => [...each.dataSync()])).toEqual(before);
  expect(compiled.report().replayed).toBe(1);
});

test("the number of tensors and the memory stay the same over many steps, and disposing gives all back", async () => {
  const start = memory();
  const { model, optimizers, step } = learner(
    layer((rng) => new Dropout(0.5, { rng })),
    layer(() => new BatchNorm1d(8)),
  );
  const compiled = compile(step);
  await compiled.ready;
  const inputs = [batch(0), batch(0, 2)] as const;
  const count = () => memory().numTensors;
  for (let i = 0; i < 8; i++) await compiled(...inputs[i % 2 === 0 ? 0 : 1]);
  const [tensors, heap] = [count(), compiled.report().plans.reduce((sum, { bytes }) => sum + bytes, 0)];
  for (let i = 0; i < 500; i++) await compiled(...inputs[i % 2 === 0 ? 0 : 1]);
  expect(count()).toBe(tensors);
  expect(compiled.report().plans.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(heap);
  compiled.dispose();
  for (const each of [...inputs[0], ...inputs[1]]) each.dispose();
  for (const optimizer of optimizers) optimizer.dispose();
  model.dispose();
  expect(memory().numTensors).toBe(start.numTensors);
  expect(memory().numDataBuffers).toBe(start.numDataBuffers);
});

test("an output that is observed runs op by op, and replays again afterwards", async () => {
  const { model, step } = learner();
  const compiled = compile(step);
  await compiled.ready;
  for (let i = 0; i < 3; i++) await compiled(...batch(i));
  const observed = first(model);
  let seen = 0;
  intercept(
    observed,
    (y: Tensor) => {
      seen++;
      return y;
    },
    () => void compiled(...batch(3)),
  );
  await compiled(...batch(4));
  expect(seen).toBe(1);
  expect(compiled.report()).toMatchObject({
    replayed: 2,
    reasons: { "the output of Linear is observed": 1 },
  });
});

test("buffers are read with the value that they have", async () => {
  const mean = parameter({ data: Float32Array.of(1, 2), shape: [2] });
  const compiled = compile((x: Tensor) => tidy(() => mul(x, bufferValue(mean))));
  await compiled.ready;
  const results = [1, 2, 3, 4].map((factor) => {
    mean.assign(tensor1d([factor, 2]) as never);
    return [...compiled(tensor1d([1, 10])).dataSync()];
  });
  expect(results).toEqual([
    [1, 20],
    [2, 20],
    [3, 20],
    [4, 20],
  ]);
  expect(compiled.report().replayed).toBe(2);
});
