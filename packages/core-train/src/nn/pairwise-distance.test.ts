import { PairwiseDistance, ShapeError } from "@pellucid/core-train";
import { tensor, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x1 = tensor([[0, 0]]);
const x2 = tensor([[3, 4]]);

test("the distance is Euclidean, and keeps its axis with keepDims", () => {
  expect(new PairwiseDistance({ eps: 0 }).forward({ x1, x2 })).toBeAllclose([5]);
  expect(new PairwiseDistance({ p: 1, eps: 0 }).forward({ x1, x2 })).toBeAllclose([7]);
  expect(new PairwiseDistance().forward({ x1, x2 })).toHaveShape([1]);
  expect(new PairwiseDistance({ keepDims: true }).forward({ x1, x2 })).toHaveShape([1, 1]);
});

test("vectors of other shapes are refused", () => {
  expect(() => new PairwiseDistance().forward({ x1, x2: zeros([1, 3]) })).toThrow(
    new ShapeError("PairwiseDistance: x2 is [1, 3], expected [1, 2]."),
  );
});
