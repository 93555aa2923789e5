import { binaryCrossEntropyWithLogits, multilabelSoftMarginLoss, ShapeError } from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [x, y] = [tensor2d([[2, 0, 1.5]]), tensor2d([[1, 0, 1]])];

test("is the cross-entropy, averaged over the classes", () => {
  expect(multilabelSoftMarginLoss(x, y)).toBeAllclose(binaryCrossEntropyWithLogits(x, y));
});

test("there is one weight per class", () => {
  expect(() => multilabelSoftMarginLoss(x, y, { weight: tensor1d([1, 2]) })).toThrow(
    new ShapeError("multilabelSoftMarginLoss: weight is [2], expected [3]."),
  );
});
