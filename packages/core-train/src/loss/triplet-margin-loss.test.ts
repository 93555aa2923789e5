import { OptionError, ShapeError, tripletMarginLoss } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [anchor, positive, negative] = [tensor2d([[0, 0]]), tensor2d([[3, 4]]), tensor2d([[0, 4.5]])];

test("the distances are not squared", () => {
  expect(tripletMarginLoss(anchor, positive, negative)).toBeAllclose(1.5);
});

test("with swap the nearer of anchor and positive keeps away from the negative", () => {
  const far = Math.hypot(3, 0.5);
  expect(tripletMarginLoss(anchor, positive, negative, { swap: true })).toBeAllclose(6 - far);
});

test("errors say what came", () => {
  expect(() => tripletMarginLoss(anchor, positive, negative, { margin: 0 })).toThrow(
    new OptionError("tripletMarginLoss", "margin", 0, "a number above 0"),
  );
  expect(() => tripletMarginLoss(anchor, positive, tensor2d([[1]]))).toThrow(
    new ShapeError("tripletMarginLoss: negative is [1, 1], expected [1, 2]."),
  );
});
