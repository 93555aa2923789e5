import { amax, AxisError, softmax } from "@pellucid/core-train";
import { ones } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("an axis that x does not have is refused", () => {
  expect(() => softmax(ones([2, 3]), 2)).toThrow(
    new AxisError("softmax: axis is 2, but x has rank 2. Pass an integer from -2 to 1."),
  );
});

test("an axis named twice is refused", () => {
  expect(() => amax(ones([2, 3]), [1, -1])).toThrow(
    new AxisError("amax: axes are [1, -1], but each may be named only once."),
  );
});
