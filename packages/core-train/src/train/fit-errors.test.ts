import {
  adam,
  batches,
  fit,
  Linear,
  mseLoss,
  Rng,
  sgd,
  ShapeError,
  TensorDataset,
} from "@pellucid/core-train";
import { memory, scalar, square, type Tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rows = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] as const };

test("a loss that is asynchronous, not reduced or not a tensor is refused before the first step", async () => {
  const model = new Linear(2, 2, { rng: new Rng(0) });
  const data = batches(new TensorDataset({ x: rows, y: rows }), { size: 2 });
  const run = async (loss: unknown) => {
    const options = { loss: loss as typeof mseLoss, optimizer: sgd({ learningRate: 1 }), epochs: 1 };
    for await (const event of fit(model, data, options)) void event;
  };
  const weight = [...model.weight.dataSync()];
  const before = memory().numTensors;
  await expect(run(async () => Promise.resolve(scalar(1)))).rejects.toThrow(
    new TypeError(
      "fit: the loss is a promise, expected a tensor. Remove async and await from the loss: a training step is synchronous.",
    ),
  );
  await expect(run((_: Tensor, y: Tensor) => square(y))).rejects.toThrow(
    new ShapeError("fit: the loss is [2, 2], expected one number. Reduce it with mean or sum."),
  );
  await expect(run(() => undefined)).rejects.toThrow(
    new TypeError("fit: the loss is undefined, expected a tensor of one number."),
  );
  await expect(run(() => [1])).rejects.toThrow("fit: the loss is a Array, expected a tensor of one number.");
  expect([...model.weight.dataSync()]).toEqual(weight);
  expect(memory().numTensors).toBe(before);
});

test("an optimizer passed without calling it, and an unknown option", async () => {
  const model = new Linear(2, 2, { rng: new Rng(0) });
  const data = batches(new TensorDataset({ x: rows, y: rows }), { size: 2 });
  const run = async (options: object) => {
    const all = { loss: mseLoss, optimizer: sgd({ learningRate: 1 }), epochs: 1, ...options };
    for await (const event of fit(model, data, all)) void event;
  };
  await expect(run({ optimizer: adam })).rejects.toThrow(
    new TypeError("Optimizer: the transform is the function adam, expected its result: adam()."),
  );
  await expect(run({ validaton: data })).rejects.toThrow(
    "fit: there is no option validaton, did you mean validation?",
  );
  await expect(run({ earlyStopping: { patience: 3 } })).rejects.toThrow(
    "fit: there is no option earlyStopping; write earlyStopping(fit(…), { patience: 5 }).",
  );
  await expect(run({ valueOf: 1 })).rejects.toThrow(
    "fit: there is no option valueOf, expected some of loss,",
  );
  expect(() => batches(new TensorDataset({ x: rows }), { size: 2, shufle: true } as never)).toThrow(
    "batches: there is no option shufle, did you mean shuffle?",
  );
});
