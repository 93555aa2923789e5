import { gradient } from "@pellucid/core-train";
import { mul, square, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { defineElementwise } from "./define-elementwise.ts";

const scaledSquare = defineElementwise({
  name: "TestScaledSquare",
  value: (x, { scale }: { scale: number }) => mul(square(x), scale),
  derivative: (x, { scale }) => mul(x, 2 * scale),
});

test("the value and the derivative are those of the definition", () => {
  const x = tensor1d([1, -3]);
  expect(scaledSquare(x, { scale: 5 })).toBeAllclose([5, 45]);
  expect(gradient((at: typeof x) => scaledSquare(at, { scale: 5 }))(x)).toBeAllclose([10, -30]);
});

test("the derivative can be differentiated again", () => {
  const x = tensor1d([1, -3]);
  const first = gradient((at: typeof x) => scaledSquare(at, { scale: 5 }));
  expect(gradient(first)(x)).toBeAllclose([10, 10]);
});

test("leaks no tensors", () => {
  const x = tensor1d([1, -3]);
  expect(() => scaledSquare(x, { scale: 2 })).toLeakNothing();
  expect(() => gradient((at: typeof x) => scaledSquare(at, { scale: 2 }))(x)).toLeakNothing();
});
