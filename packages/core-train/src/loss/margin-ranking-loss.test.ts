import { DomainError, marginRankingLoss, ShapeError } from "@pellucid/core-train";
import { tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [first, second] = [tensor1d([2, 1]), tensor1d([1, 3])];

test("the right order costs nothing", () => {
  expect(marginRankingLoss(first, second, tensor1d([1, -1]))).toBeAllclose(0);
  expect(marginRankingLoss(first, second, tensor1d([-1, 1]))).toBeAllclose(1.5);
});

test("errors say what came", () => {
  expect(() => marginRankingLoss(first, second, tensor1d([1, 0]))).toThrow(DomainError);
  expect(() => marginRankingLoss(first, tensor1d([1]), tensor1d([1, 1]))).toThrow(
    new ShapeError("marginRankingLoss: input2 is [1], expected [2]."),
  );
});
