import { EmptyBatchError, mseLoss, ShapeError } from "@pellucid/core-train";
import { tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("is the mean of the squares", () => {
  expect(mseLoss(tensor1d([1, 2, 3]), tensor1d([1, 0, 6]))).toBeAllclose(13 / 3);
});

test("does not broadcast [batch] with [batch, 1], which PyTorch only warns of", () => {
  expect(() => mseLoss(tensor2d([[1], [2]]), tensor1d([1, 2]))).toThrow(
    new ShapeError("mseLoss: target is [2], expected [2, 1]."),
  );
});

test("an empty batch has a sum but no mean", () => {
  const nothing = tensor([], [0, 3]);
  expect(mseLoss(nothing, nothing, { reduction: "sum" })).toBeAllclose(0);
  expect(() => mseLoss(nothing, nothing)).toThrow(EmptyBatchError);
});
