import { linear, ShapeError } from "@pellucid/core-train";
import { ones } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("features that do not match the weight are refused", () => {
  expect(() => linear(ones([2, 3]), ones([4, 5]))).toThrow(
    new ShapeError("linear: x is [2, 3], expected [..., 4] for a weight of [4, 5]."),
  );
  expect(() => linear(ones([2, 4]), ones([4, 5]), ones([4]))).toThrow(
    new ShapeError("linear: bias is [4], expected [5]."),
  );
});

test("an empty batch gives an empty result", () => {
  expect(linear(ones([0, 4]), ones([4, 5]), ones([5]))).toHaveShape([0, 5]);
});
