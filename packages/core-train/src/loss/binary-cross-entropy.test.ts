import { binaryCrossEntropy, DomainError, gradient } from "@pellucid/core-train";
import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a confident mistake costs 100 and has a gradient that corrects it", () => {
  const [x, y] = [tensor1d([0, 1]), tensor1d([1, 0])];
  expect(binaryCrossEntropy(x, y, { reduction: "none" })).toBeAllclose([100, 100]);
  expect(gradient((input: Tensor) => binaryCrossEntropy(input, y))(x)).toBeAllclose([-5e11, 5e11]);
});

test("numbers outside 0 to 1 are rejected, such as the diabetes targets", () => {
  const half = tensor1d([0.5, 0.5]);
  expect(() => binaryCrossEntropy(half, tensor1d([1, 151]))).toThrow(
    new DomainError(
      "binaryCrossEntropy: target[1] is 151, expected 0 to 1. Numbers of any size go into mseLoss.",
    ),
  );
  expect(() => binaryCrossEntropy(tensor1d([0.5, -3]), half)).toThrow(
    new DomainError(
      "binaryCrossEntropy: input[1] is -3, expected 0 to 1. Logits go into binaryCrossEntropyWithLogits.",
    ),
  );
  expect(() => binaryCrossEntropy(tensor1d([NaN, 0]), half)).toThrow("input[0] is NaN");
});
