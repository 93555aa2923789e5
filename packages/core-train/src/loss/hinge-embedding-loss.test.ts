import { DomainError, gradient, hingeEmbeddingLoss } from "@pellucid/core-train";
import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("the gradient is 0 beyond the margin but not at it, as in PyTorch", () => {
  const target = tensor1d([-1, -1, -1]);
  const gradientOf = gradient((x: Tensor) => hingeEmbeddingLoss(x, target, { reduction: "sum" }));
  expect(gradientOf(tensor1d([0.5, 1, 2]))).toBeAllclose([-1, -1, 0]);
});

test("labels of 0 and 1 are refused", () => {
  expect(() => hingeEmbeddingLoss(tensor1d([1, 2]), tensor1d([1, 0]))).toThrow(
    new DomainError("hingeEmbeddingLoss: target[1] is 0, expected 1 or -1."),
  );
});
