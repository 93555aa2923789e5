import { Linear, moduleAt, ReLU, replaceModule, Rng, Sequential, trainable } from "@pellucid/core-train";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const net = () => new Sequential(new Linear(2, 3, { rng }), new ReLU(), new Linear(3, 4, { rng }));

test("a path leads to a module", () => {
  const model = net();
  expect(moduleAt(model, "2")).toBe(model[2]);
});

test("a new head takes the place of the old one, which is freed", () => {
  const before = memory().numTensors;
  const model = net();
  replaceModule(model, "2", new Linear(3, 7, { rng }));
  expect(trainable(model)["2.weight"]).toHaveShape([3, 7]);
  expect(model.forward(tensor2d([[1, 2]]) as never)).toHaveShape([1, 7]);
  model.dispose();
  expect(memory().numTensors).toBe(before + 2); // the input and the output above
});

test("a path that leads nowhere is an error that lists the paths", () => {
  expect(() => replaceModule(net(), "fc", new ReLU())).toThrow(
    'moduleAt: there is no module at "fc". There are: 0, 1, 2.',
  );
});

test("the model itself cannot be replaced", () => {
  expect(() => replaceModule(net(), "", new ReLU())).toThrow("which is the model itself");
});
