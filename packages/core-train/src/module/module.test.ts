import {
  Module,
  parameter,
  Sequential,
  trainable,
  trainStep,
  Optimizer,
  defineOp,
  gradient,
} from "@pellucid/core-train";
import { mul, sum, square, tensor, type Tensor, sub, relu } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class Scale extends Module {
  readonly weight = parameter({ data: new Float32Array([2, 3]), shape: [2] });
  forward(x: Tensor): Tensor {
    return mul(x, this.weight);
  }
}

test("names come from the tree", () => {
  const model = new Sequential(new Scale(), { forward: (x: Tensor) => relu(x) }, new Scale());
  expect(Object.keys(trainable(model))).toEqual(["0.weight", "2.weight"]);
});

test("a step moves the parameters and leaks nothing", async () => {
  const model = new Scale();
  const optimizer = new Optimizer(
    {
      init: () => ({ n: 0 }),
      update: (g, s) => [
        Object.fromEntries(Object.entries(g).map(([k, v]) => [k, mul(v, -0.1)])),
        { n: s.n + 1 },
      ],
    },
    trainable(model),
  );
  const x = tensor([1, 1]);
  expect(await trainStep(model, optimizer, () => sum(square(sub(model.forward(x), [1, 1]))))).toBeCloseTo(5);
  expect(model.weight).toBeAllclose([1.8, 2.6]);
  expect(() => trainStep(model, optimizer, () => sum(model.forward(x)))).not.toThrow();
});

test("defineOp", () => {
  const double = defineOp<{ x: Tensor }, object, Tensor>({
    name: "Double",
    inputs: ["x"],
    reference: ({ x }) => mul(x, 2),
    gradient: (dy) => ({ x: () => mul(dy, 2) }),
  });
  expect(gradient((x: Tensor) => double({ x }, {}))(tensor([1, 2]))).toBeAllclose([2, 2]);
});

test("an input of an op that has no gradient counts as constant", () => {
  const pick = defineOp<{ x: Tensor; at: Tensor }, object, Tensor>({
    name: "Pick",
    inputs: ["x", "at"],
    reference: ({ x, at }) => mul(x, at),
    gradient: (dy, { at }) => ({ x: () => mul(dy, at) }),
  });
  expect(gradient((x: Tensor) => pick({ x, at: mul(x, 2) }, {}))(tensor([1, 2]))).toBeAllclose([2, 4]);
});
