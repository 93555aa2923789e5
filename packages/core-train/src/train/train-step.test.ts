import {
  BatchNorm1d,
  buffer,
  Linear,
  mseLoss,
  Module,
  Optimizer,
  parameter,
  Rng,
  Sequential,
  sgd,
  stateOf,
  trainable,
  trainStep,
  updateBuffer,
} from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { memory, mul, square, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = sines([4, 2]) as Tensor2D;
const y = sines([4, 1], 1);

function setUp() {
  const model = new Sequential(new Linear(2, 1, { rng: new Rng(0) }), new BatchNorm1d(1));
  const optimizer = new Optimizer(sgd({ learningRate: 0.05, momentum: 0.9 }), trainable(model));
  return { model, optimizer, loss: () => mseLoss(model.forward(x), y) };
}

const numbersOf = (model: Sequential) => Object.values(stateOf(model)).map((t) => [...t.dataSync()]);

test("it gives the loss before the move, and the loss falls", async () => {
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

test("ten thousand steps leave no tensor and no byte", async () => {
  class Point extends Module {
    readonly place = parameter({ data: new Float32Array([1]), shape: [] });
    readonly mean = buffer({ data: new Float32Array([1]), shape: [] });
  }
  const model = new Point();
  const optimizer = new Optimizer(sgd({ learningRate: 0.01, momentum: 0.5 }), trainable(model));
  const loss = () => {
    updateBuffer(model.mean, (mean) => mul(mean, 0.9));
    return square(model.place);
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
