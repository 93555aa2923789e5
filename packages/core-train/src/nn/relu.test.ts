import { relu, ReLU } from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { sum, tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { gradient } from "../gradient.ts";

test("relu keeps what is positive", () => {
  expect(relu(tensor([-100, -1, 0, 2, Infinity, NaN]))).toBeAllclose([0, 0, 0, 2, Infinity, NaN]);
});

test("its derivative at 0 is 0, as in PyTorch", () => {
  expect(gradient((x) => sum(relu(x)))(tensor([-1, 0, 3]))).toBeAllclose([0, 0, 1]);
  checkGradient(relu, tensor1d([-2, -0.5, 0.3, 4]));
});

test("the layer is the function", () => {
  expect(new ReLU().forward(tensor([[-1, 2]]))).toHaveShape([1, 2]);
  expect(new ReLU().forward(tensor([[-1, 2]]))).toBeAllclose([0, 2]);
});

test("it leaks no tensors", () => {
  const x = tensor1d([-1, 2]);
  expect(() => relu(x)).toLeakNothing();
  expect(() => gradient(relu)(x)).toLeakNothing();
});
