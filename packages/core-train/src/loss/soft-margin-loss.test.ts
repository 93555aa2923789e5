import { DomainError, softMarginLoss } from "@pellucid/core-train";
import { tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a mistake of any size has a finite loss", () => {
  const losses = softMarginLoss(tensor1d([-1000, 1000]), tensor1d([1, 1]), { reduction: "none" });
  expect(losses).toBeAllclose([1000, 0]);
});

test("labels of 0 and 1 are refused", () => {
  expect(() => softMarginLoss(tensor1d([1, 2]), tensor1d([1, 0]))).toThrow(
    new DomainError("softMarginLoss: target[1] is 0, expected 1 or -1."),
  );
});
