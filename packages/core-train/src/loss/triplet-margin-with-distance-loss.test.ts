import { l1Loss, tripletMarginLoss, tripletMarginWithDistanceLoss } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const given = [tensor2d([[0, 0]]), tensor2d([[3, 4]]), tensor2d([[0, 4.5]])] as const;

test("the distance is Euclid's unless another is given", () => {
  expect(tripletMarginWithDistanceLoss(...given)).toBeAllclose(tripletMarginLoss(...given));
  expect(tripletMarginWithDistanceLoss(...given, { distance: l1Loss })).toBeAllclose(3.5 - 2.25 + 1);
});

test("leaks no tensors when the distance throws", () => {
  const distance = () => {
    throw new Error("no distance");
  };
  expect(() => tripletMarginWithDistanceLoss(...given, { distance })).toLeakNothing();
});
