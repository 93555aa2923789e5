import { adaptiveAvgPool2d, adaptiveMaxPool2d, WindowError } from "@pellucid/core-train";
import { ones, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("windows overlap where the input size is not divisible by the output size", () => {
  const row = tensor4d([1, 2, 3, 4, 5], [1, 1, 5, 1]);
  expect(adaptiveAvgPool2d(row, [null, 3])).toBeAllclose([1.5, 3, 4.5]);
  expect(adaptiveMaxPool2d(row, [1, 2])).toBeAllclose([3, 5]);
});

test("a size that is not a positive integer is refused", () => {
  expect(() => adaptiveAvgPool2d(ones([1, 2, 2, 1]) as Tensor4D, 0)).toThrow(
    new WindowError("adaptiveAvgPool2d: outputSize is 0, expected an integer of at least 1, or 2 of them."),
  );
});

test("leaks no tensors", () => {
  const x = ones([1, 5, 4, 1]) as Tensor4D;
  expect(() => adaptiveAvgPool2d(x, 3)).toLeakNothing();
  expect(() => adaptiveMaxPool2d(x, 3)).toLeakNothing();
  expect(() => adaptiveAvgPool2d(x, 1)).toLeakNothing();
});

test("an output of the input's size is a copy", () => {
  const x = ones([1, 2, 2, 1]) as Tensor4D;
  adaptiveAvgPool2d(x, 2).dispose();
  adaptiveMaxPool2d(x, [null, null]).dispose();
  expect(x.isDisposed).toBe(false);
});
