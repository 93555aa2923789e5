import { huberLoss, mseLoss, OptionError } from "@pellucid/core-train";
import { mul, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [x, y] = [tensor1d([1, -2, 7]), tensor1d([0, 1, -3])];

test("with a large delta it is half of the squared error", () => {
  expect(huberLoss(x, y, { delta: 100 })).toBeAllclose(mul(0.5, mseLoss(x, y)));
});

test("delta is above 0", () => {
  expect(() => huberLoss(x, y, { delta: 0 })).toThrow(
    new OptionError("huberLoss", "delta", 0, "a number above 0"),
  );
});
