import { matMul, ShapeError } from "@pellucid/core-train";
import { ones, scalar } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("inner sizes that differ are refused", () => {
  expect(() => matMul(ones([2, 3]), ones([2, 3]))).toThrow(
    new ShapeError("matMul: a is [2, 3], b is [2, 3]: their inner sizes 3 and 2 differ."),
  );
  expect(() => matMul(ones([2, 3]), ones([2, 3]), true, true)).toThrow(
    "matMul: a is [2, 3] transposed, b is [2, 3] transposed: their inner sizes 2 and 3 differ.",
  );
});

test("batches that do not broadcast are refused", () => {
  expect(() => matMul(ones([2, 4, 3]), ones([3, 3, 4]))).toThrow(
    new ShapeError("matMul: [2] and [3] do not broadcast: sizes 2 and 3 differ and neither is 1."),
  );
});

test("a scalar is refused", () => {
  expect(() => matMul(scalar(2), ones([2]))).toThrow(
    new ShapeError("matMul: a has rank 0, b has rank 1, expected at least 1. Multiply by a number with mul."),
  );
});

test("an empty batch gives an empty product", () => {
  expect(matMul(ones([0, 2, 3]), ones([3, 4]))).toHaveShape([0, 2, 4]);
});
