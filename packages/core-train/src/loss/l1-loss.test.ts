import { gradient, l1Loss, ShapeError } from "@pellucid/core-train";
import { type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [x, y] = [tensor1d([1, -2, 7]), tensor1d([1, 1, -3])];

test("the gradient is 0 where there is no error", () => {
  expect(gradient((input: Tensor) => l1Loss(input, y, { reduction: "sum" }))(x)).toBeAllclose([0, -1, 1]);
});

test("weights have the shape of the input", () => {
  expect(() => l1Loss(x, y, { weight: tensor2d([[1, 1, 1]]) })).toThrow(
    new ShapeError("l1Loss: weight is [1, 3], expected [3]."),
  );
});
