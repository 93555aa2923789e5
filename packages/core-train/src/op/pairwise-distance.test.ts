import { gradient, OptionError, pairwiseDistance, ShapeError } from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { type Tensor, tensor1d, tensor2d, zerosLike } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const x1 = tensor2d([
  [3, 0, -1],
  [0.5, 2, 1],
]);
const x2 = tensor2d([
  [0, 4, -1],
  [1, 1, 1],
]);

test.each([
  [1, [7, 1.5]],
  [2, [5, Math.sqrt(1.25)]],
  [3, [Math.cbrt(27 + 64), Math.cbrt(1.125)]],
  [Infinity, [4, 1]],
])("the norm with p = %s", (p, expected) => {
  expect(pairwiseDistance(x1, x2, { p, eps: 0 })).toBeAllclose(expected);
});

describe.each([1, 2, 2.5, Infinity])("with p = %s", (p) => {
  test("the gradient agrees with finite differences", () => {
    checkGradient((x: Tensor) => pairwiseDistance(x, x2, { p, eps: 0.3 }), x1);
  });

  test("the derivative is 0 where the distance is 0", () => {
    const derivative = gradient((x: Tensor) => pairwiseDistance(x, x2, { p, eps: 0 }))(x2);
    expect(derivative).toBeAllclose(zerosLike(x2));
  });
});

test("the largest of two equal differences get half of the derivative each, as in PyTorch", () => {
  const derivative = gradient((x: Tensor) => pairwiseDistance(x, zerosLike(x), { p: Infinity, eps: 0 }));
  expect(derivative(tensor1d([2, -2, 1]))).toBeAllclose([0.5, -0.5, 0]);
});

test("errors name the wrong value", () => {
  expect(() => pairwiseDistance(x1, x2, { p: 0 })).toThrow(
    new OptionError("pairwiseDistance", "p", 0, "a number above 0"),
  );
  expect(() => pairwiseDistance(x1, tensor1d([1, 2, 3]))).toThrow(
    new ShapeError("pairwiseDistance: x2 is [3], expected [2, 3]."),
  );
});

test("leaks no tensors", () => {
  expect(() => pairwiseDistance(x1, x2)).toLeakNothing();
});
