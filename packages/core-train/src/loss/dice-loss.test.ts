import { diceLoss, ShapeError } from "@pellucid/core-train";
import { ones, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("equal masks cost 0, also empty ones; disjoint ones 1", () => {
  const half = tensor3d([[[1], [1], [0], [0]]]);
  const other = tensor3d([[[0], [0], [1], [1]]]);
  expect(diceLoss(half, half)).toBeAllclose(0);
  expect(diceLoss(zeros([1, 4, 1]), zeros([1, 4, 1]))).toBeAllclose(0);
  expect(diceLoss(half, other)).toBeAllclose(1);
});

test("there is an axis of space", () => {
  expect(() => diceLoss(ones([2, 3]), ones([2, 3]))).toThrow(
    new ShapeError("diceLoss: input is [2, 3], expected [batch, …, class]."),
  );
});
