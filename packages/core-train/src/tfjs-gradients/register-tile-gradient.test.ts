import { gradient } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { broadcastTo, tile, type Tensor, tensor1d, where } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("copies are summed, at any rank", () => {
  checkGradient((x: Tensor) => tile(x, [2, 3]), sines([2, 2]));
  checkGradient((x: Tensor) => tile(x, [2, 1, 1, 3, 2]), sines([1, 2, 1, 2, 3]));
});

test("so broadcasting has a gradient at any rank", () => {
  checkGradient((x: Tensor) => broadcastTo<Tensor["rankType"]>(x, [2, 2, 3, 2, 2]), sines([2, 1, 2, 1]));
  const chosen = tensor1d([1, 0], "bool");
  expect(gradient((x: Tensor) => where(chosen, x, 0))(sines([1, 1, 1, 1, 1]))).toBeAllclose([1]);
});
