import { add, sum, type Tensor1D, type Tensor2D, tensor2d, mul } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { saliency } from "./saliency.ts";

test("of 3 x1 - 2 x2 + 1 it is (3, -2)", () => {
  const score = (x: Tensor2D) => add<Tensor1D>(sum(mul(x, tensor2d([[3, -2]])), 1), 1);
  expect(saliency(score)(tensor2d([[5, 7]]))).toBeAllclose([3, -2]);
  const x = tensor2d([[5, 7]]);
  expect(() => saliency(score)(x)).toLeakNothing();
});
