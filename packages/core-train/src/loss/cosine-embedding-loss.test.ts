import { cosineEmbeddingLoss, DomainError, gradient } from "@pellucid/core-train";
import { type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([
  [1, 0],
  [3, 4],
]);

test("the same direction costs nothing, the opposite one 2", () => {
  const other = tensor2d([
    [5, 0],
    [-3, -4],
  ]);
  expect(cosineEmbeddingLoss(x, other, tensor1d([1, 1]), { reduction: "none" })).toBeAllclose([0, 2]);
});

test("the zero vector has a loss and a finite gradient", () => {
  const zero = tensor2d([[0, 0]]);
  const loss = (input: Tensor) => cosineEmbeddingLoss(input, tensor2d([[3, 4]]), tensor1d([1]));
  expect(loss(zero)).toBeAllclose(1);
  expect(gradient(loss)(zero)).toBeAllclose([-0.6e6, -0.8e6]);
});

test("labels of 0 and 1 are refused", () => {
  expect(() => cosineEmbeddingLoss(x, x, tensor1d([1, 0]))).toThrow(DomainError);
});
