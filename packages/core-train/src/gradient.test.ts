import { freeze, gradient, Linear, parameter, Rng, trainable, valueAndGradients } from "@pellucid/core-train";
import { mul, ones, square, sum, type Tensor, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor1d([1, -2]);

test("the gradient of a sum has the shape and the rank of its input", () => {
  const g: Tensor1D = gradient((at: Tensor1D) => square(at))(x);
  expect(g).toBeAllclose([2, -4]);
});

test("gradients nest", () => {
  const cube = (at: Tensor1D) => mul(at, square(at));
  expect(gradient(gradient(cube))(x)).toBeAllclose([6, -12]);
  expect(() => gradient(gradient(cube))(x)).toLeakNothing();
});

test("value and gradients come by path; a parameter the loss does not depend on has none", () => {
  const [a, b] = [3, 4].map((value) => parameter({ data: new Float32Array([value]), shape: [] }));
  if (a === undefined || b === undefined) throw new Error("unreachable");
  const { value, gradients } = valueAndGradients({ "one.a": a, "two.b": b }, () => square(a));
  expect(value).toBeAllclose([9]);
  expect(Object.keys(gradients)).toEqual(["one.a"]);
  expect(gradients["one.a"] as Tensor).toBeAllclose([6]);
});

test("parameters stay as they are", () => {
  const layer = new Linear(2, 1, { rng: new Rng(0) });
  const before = layer.weight.dataSync().slice();
  expect(() => valueAndGradients(trainable(layer), () => sum(layer.forward(ones([1, 2]))))).toLeakNothing();
  expect(layer.weight.dataSync()).toEqual(before);
});

test("no parameters, and a loss of several numbers, are errors that say what to do", () => {
  const layer = new Linear(2, 1, { rng: new Rng(0) });
  const many = () => valueAndGradients(trainable(layer), () => layer.forward(ones([3, 2])));
  expect(many).toThrow(
    new RangeError("valueAndGradients: the loss is [3, 1], expected one number. Reduce it with mean or sum."),
  );
  expect(many).toLeakNothing();
  freeze(layer);
  expect(() => valueAndGradients(trainable(layer), () => sum(layer.forward(ones([3, 2]))))).toThrow(
    new RangeError("valueAndGradients: there is no parameter to train; see unfreeze."),
  );
});
