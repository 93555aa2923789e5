import {
  freeze,
  Linear,
  Optimizer,
  Rng,
  Sequential,
  sgd,
  trainable,
  trainStep,
  unfreeze,
} from "@pellucid/core-train";
import { ones, sum } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const [body, head] = [new Linear(2, 2, { rng }), new Linear(2, 1, { rng })];
const model = new Sequential(body, head);

test("an optimizer sees all but the frozen parameters", () => {
  freeze(body);
  expect(Object.keys(trainable(model))).toEqual(["1.weight", "1.bias"]);
  unfreeze(model);
  expect(Object.keys(trainable(model))).toEqual(["0.weight", "0.bias", "1.weight", "1.bias"]);
});

test("what is frozen stays, also for an optimizer that was made before", async () => {
  unfreeze(model);
  const optimizer = new Optimizer(sgd({ learningRate: 0.1 }), trainable(model));
  freeze(body);
  const before = body.weight.dataSync().slice();
  const moved = head.weight.dataSync().slice();
  await trainStep(model, optimizer, () => sum(model.forward(ones([3, 2]))));
  expect(body.weight.dataSync()).toEqual(before);
  expect(head.weight.dataSync()).not.toEqual(moved);
});
