import {
  BatchNorm1d,
  stateBuffer,
  disposeLeaves,
  Linear,
  mseLoss,
  Module,
  NonFiniteLossError,
  Optimizer,
  parameter,
  Rng,
  Sequential,
  sgd,
  stateOf,
  StructError,
  trainable,
  trainStep,
  updateBuffer,
} from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import {
  add,
  memory,
  mul,
  ones,
  scalar,
  square,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, expectTypeOf, test } from "vitest";

const x = sines([4, 2]) as Tensor2D;
const y = sines([4, 1], 1);

function setUp() {
  const model = new Sequential(new Linear(2, 1, { rng: new Rng(0) }), new BatchNorm1d(1));
  const optimizer = new Optimizer(sgd({ learningRate: 0.05, momentum: 0.9 }), trainable(model));
  return { model, optimizer, loss: () => mseLoss(model.forward(x), y) };
}

const numbersOf = (model: Sequential) => Object.values(stateOf(model)).map((t) => [...t.dataSync()]);

test("it returns the loss before the update, and the loss falls", async () => {
  const { model, optimizer, loss } = setUp();
  const losses: number[] = [];
  for (let i = 0; i < 20; i++) losses.push(await trainStep(model, optimizer, loss));
  expect(losses[19]).toBeLessThan((losses[0] as number) * 0.9);
  expect(stateOf(model)["1.numBatchesTracked"] ?? []).toBeAllclose([20]);
});

test("a loss that throws changes nothing and leaves nothing", () => {
  const { model, optimizer } = setUp();
  const before = numbersOf(model);
  const { state } = optimizer;
  const failing = () =>
    trainStep(model, optimizer, () => {
      mul(model.forward(x), 2);
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(failing).toLeakNothing();
  expect(numbersOf(model)).toEqual(before);
  expect(optimizer.state).toBe(state);
});

test("a loss of several numbers is refused, and changes nothing", () => {
  const { model, optimizer } = setUp();
  const before = numbersOf(model);
  const step = () => trainStep(model, optimizer, () => model.forward(x) as Tensor);
  expect(step).toThrow("the loss is [4, 1], expected one number");
  expect(step).toLeakNothing();
  expect(numbersOf(model)).toEqual(before);
});

test.each([NaN, Infinity, -Infinity])(
  "a loss of %d is refused before the weights are lost",
  async (wrong) => {
    const { model, optimizer, loss } = setUp();
    const before = numbersOf(model).slice(0, 2);
    expect(() => trainStep(model, optimizer, () => mul(loss(), wrong))).toThrow(NonFiniteLossError);
    expect(() => trainStep(model, optimizer, () => ({ loss: mul(loss(), wrong), kept: x }))).toThrow(
      /^trainStep: the loss is .*Infinity|NaN\. Lower the learning rate/,
    );
    expect(numbersOf(model).slice(0, 2)).toEqual(before);
    expect(() => {
      try {
        void trainStep(model, optimizer, () => mul(loss(), wrong));
      } catch {
        /* refused */
      }
    }).toLeakNothing();
  },
);

test("ten thousand steps leave no tensor and no byte", async () => {
  class Point extends Module {
    readonly at = parameter({ data: new Float32Array([1]), shape: [] });
    readonly mean = stateBuffer({ data: new Float32Array([1]), shape: [] });
  }
  const model = new Point();
  const optimizer = new Optimizer(sgd({ learningRate: 0.01, momentum: 0.5 }), trainable(model));
  const loss = () => {
    updateBuffer(model.mean, (mean) => mul(mean, 0.9));
    return square(model.at);
  };
  await trainStep(model, optimizer, loss);
  const before = memory();
  for (let i = 0; i < 10_000; i++) {
    const reading = trainStep(model, optimizer, loss);
    if (i % 100 === 99) await reading;
  }
  expect(memory().numTensors).toBe(before.numTensors);
  expect(memory().numBytes).toBe(before.numBytes);
});

/** A running sum with a weight: the smallest recurrence. */
class Sum extends Module {
  readonly weight = parameter({ data: Float32Array.of(0.5), shape: [] });
  step(input: Tensor, state: { readonly h: Tensor; readonly names: readonly string[] }) {
    const h = mul(add(state.h, input), this.weight);
    return { output: h, state: { h, names: [...state.names, "step"] } };
  }
}

test("what the loss function returns with the loss survives, detached: truncated back-propagation", async () => {
  const model = new Sum();
  const optimizer = new Optimizer(sgd({ learningRate: 0.1 }), trainable(model));
  const input = scalar(1);
  const start = { h: scalar(2), names: ["start"] };
  const before = memory().numTensors;
  const one = trainStep(model, optimizer, () => {
    const { output, state } = model.step(input, start);
    return { loss: output, state };
  });
  expectTypeOf(one.loss).toEqualTypeOf<Promise<number>>();
  expect(one.state.names).toEqual(["start", "step"]);
  expect(one.state.h).toBeAllclose([1.5]); // (2 + 1) · 0.5, at once
  expect(await one.loss).toBe(1.5);
  expect(model.weight).toBeAllclose([0.2]); // 0.5 − 0.1 · 3
  const two = trainStep(model, optimizer, () => {
    const { output, state } = model.step(input, one.state);
    return { loss: output, state };
  });
  expect(await two.loss).toBeCloseTo(0.5, 6); // (1.5 + 1) · 0.2
  expect(model.weight).toBeAllclose([-0.05]); // 0.2 − 0.1 · 2.5, nothing through the first step
  expect(memory().numTensors).toBe(before + 2);
  disposeLeaves([one.state, two.state]);
  expect(memory().numTensors).toBe(before);
});

test("a parameter that is handed out keeps the value of before the update", async () => {
  const model = new Sum();
  const optimizer = new Optimizer(sgd({ learningRate: 0.1 }), trainable(model));
  const step = trainStep(model, optimizer, () => ({ loss: square(model.weight), old: model.weight }));
  await step.loss;
  expect(step.old).toBeAllclose([0.5]);
  expect(model.weight).toBeAllclose([0.4]);
  step.old.dispose();
});

test("what is handed out belongs to the scope around, and a step that throws leaves none of it", async () => {
  const model = new Sum();
  const optimizer = new Optimizer(sgd({ learningRate: 0.1 }), trainable(model));
  const before = memory().numTensors;
  let loss = Promise.resolve(0);
  tidy(() => {
    loss = trainStep(model, optimizer, () => ({
      loss: square(model.weight),
      twice: mul(model.weight, 2),
    })).loss;
  });
  await loss;
  expect(memory().numTensors).toBe(before);
  const several = () => trainStep(model, optimizer, () => ({ loss: ones([2]), twice: mul(model.weight, 2) }));
  expect(several).toThrow("the loss is [2], expected one number");
  const unrelated = () =>
    trainStep(model, optimizer, () => ({ loss: scalar(1), twice: mul(model.weight, 2) }));
  expect(unrelated).toThrow("connection between any variable");
  const f = () => 1;
  const function_ = () =>
    trainStep(
      model,
      optimizer,
      () => ({ loss: square(model.weight), twice: mul(model.weight, 2), f }) as never,
    );
  expect(function_).toThrow(StructError);
  for (const failing of [several, unrelated, function_]) expect(failing).toLeakNothing();
});
