import { Linear, ReLU, Rng, Sequential, trainable } from "@pellucid/core-train";
import { add, mul, ones, type Tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

test("layers run in order", () => {
  const model = new Sequential({ forward: (x: Tensor) => add(x, 1) }, { forward: (x: Tensor) => mul(x, 10) });
  expect(model.forward(ones([2]))).toBeAllclose([20, 20]);
});

test("layers are named by their position, those without parameters count", () => {
  const model = new Sequential(new Linear(2, 2, { rng }), new ReLU(), new Linear(2, 1, { rng, bias: false }));
  expect(Object.keys(trainable(model))).toEqual(["0.weight", "0.bias", "2.weight"]);
  expect(model.layers.map(({ constructor }) => constructor.name)).toEqual(["Linear", "ReLU", "Linear"]);
});

test("twelve layers stay in order", () => {
  const layers = Array.from({ length: 12 }, (_, i) => ({ forward: (x: Tensor) => add(mul(x, 2), i) }));
  const model = new Sequential(...layers);
  expect(model.layers).toEqual(layers);
});

test("an empty chain gives its input", () => {
  const x = ones([2]);
  expect(new Sequential().forward(x)).toBeAllclose([1, 1]);
  expect(() => new Sequential().forward(x)).toLeakNothing();
  expect(x.isDisposed).toBe(false);
});

test("it leaves nothing but its output, also when a layer throws", () => {
  const x = ones([3, 2]);
  const failing = {
    forward(y: Tensor): Tensor {
      mul(y, 2);
      throw new Error("stop");
    },
  };
  const model = new Sequential(new Linear(2, 2, { rng }), new ReLU());
  const broken = new Sequential(new Linear(2, 2, { rng }), failing);
  expect(() => model.forward(x)).toLeakNothing();
  expect(() => broken.forward(x)).toThrow("stop");
  expect(() => broken.forward(x)).toLeakNothing();
});
