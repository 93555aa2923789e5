import { gradient } from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { pow, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("x⁰ has derivative 0, also at 0", () => {
  expect(gradient((x: Tensor) => pow(x, 0))(tensor1d([0, 2]))).toBeAllclose([0, 0]);
});

test("at an exponent, derivative is 0 for 0 and not a number for negative bases", () => {
  const base = tensor1d([0, -2, 2]);
  const derivative = gradient((e: Tensor) => pow(base, e))(tensor1d([2, 2, 2]));
  expect(derivative).toBeAllclose([0, NaN, 4 * Math.log(2)]);
});

test("it broadcasts, and may be differentiated again", () => {
  const base = tensor2d([0.5, 1, 2, 3], [2, 2]);
  const exponent = tensor1d([2.5, -1]);
  checkGradient((e: Tensor) => pow(base, e), exponent);
  checkGradient((x: Tensor) => gradient((at: Tensor) => pow(at, exponent))(x), base, { step: 1e-3 });
});
