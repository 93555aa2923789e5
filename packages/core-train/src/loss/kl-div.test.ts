import { EmptyBatchError, gradient, klDiv, logSoftmax, softmax } from "@pellucid/core-train";
import { type Tensor, tensor, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([
  [2, -1, 0.5],
  [0.25, 1, -3],
]);

test("is 0 from a distribution to itself", () => {
  expect(klDiv(logSoftmax(x), softmax(x))).toBeAllclose(0);
});

test("a target of 0 costs nothing and has a finite gradient", () => {
  const y = tensor2d([[0, 1, 0]]);
  const input = tensor2d([[-2, -0.25, -3]]);
  expect(klDiv(input, y, { reduction: "sum" })).toBeAllclose(0.25);
  expect(gradient((target: Tensor) => klDiv(input, target, { reduction: "sum" }))(y)).toBeAllclose([
    2, 1.25, 3,
  ]);
});

test("an empty batch has no mean over the batch", () => {
  const nothing = tensor([], [0, 3]);
  expect(() => klDiv(nothing, nothing, { reduction: "batchmean" })).toThrow(EmptyBatchError);
});
