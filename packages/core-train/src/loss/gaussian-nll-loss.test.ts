import { DomainError, gaussianNllLoss, gradient, ShapeError } from "@pellucid/core-train";
import { ones, type Tensor, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a variance below eps keeps a gradient, so that it can grow again", () => {
  const gradientOf = gradient((variance: Tensor) =>
    gaussianNllLoss(ones([1, 1]), zeros([1, 1]), variance, { eps: 0.5 }),
  );
  expect(gradientOf(tensor2d([[0.25]]))).toBeAllclose([0.5 * (2 - 4)]);
});

test("errors say what is wrong with the variance", () => {
  const [x, y] = [ones([2, 3]), zeros([2, 3])];
  expect(() => gaussianNllLoss(x, y, tensor2d([[1], [-1]]))).toThrow(
    new DomainError("gaussianNllLoss: variance[1] is -1, expected 0 or more."),
  );
  expect(() => gaussianNllLoss(x, y, ones([3]))).toThrow(
    new ShapeError("gaussianNllLoss: variance is [3], expected [2, 3] or [2, 1]."),
  );
  expect(() => gaussianNllLoss(x, y, ones([2, 2]))).toThrow(ShapeError);
});
