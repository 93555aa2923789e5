import { CosineSimilarity, cosineSimilarity, gradient, ShapeError } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { tensor, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("parallel is 1, opposite -1, across 0", () => {
  const x = tensor([
    [3, 4],
    [3, 4],
    [3, 4],
  ]);
  expect(
    cosineSimilarity(
      x,
      tensor([
        [6, 8],
        [-3, -4],
        [-4, 3],
      ]),
    ),
  ).toBeAllclose([1, -1, 0]);
});

test("a vector of zeros has similarity 0, and a finite gradient", () => {
  const x = sines([1, 3]);
  expect(cosineSimilarity(zeros([1, 3]), x)).toBeAllclose([0]);
  const found = gradient((at) => cosineSimilarity(at, x))(zeros([1, 3]));
  expect([...found.dataSync()].every(Number.isFinite)).toBe(true);
});

test("its gradients have gradients", () => {
  const [x1, x2] = [sines([2, 3]), sines([2, 3], 1)];
  checkGradient((at) => cosineSimilarity(at, x2), x1);
  checkGradient(
    gradient((at: typeof x1) => cosineSimilarity(at, x2)),
    x1,
  );
});

test("vectors of other shapes are refused", () => {
  expect(() => cosineSimilarity(zeros([2, 3]), zeros([2, 4]))).toThrow(
    new ShapeError("cosineSimilarity: x2 is [2, 4], expected [2, 3]."),
  );
  const layer = new CosineSimilarity();
  expect(() => layer.forward({ x1: zeros([2, 3]), x2: zeros([2, 4]) })).toThrow(
    new ShapeError("CosineSimilarity: x2 is [2, 4], expected [2, 3]."),
  );
});
