import { LabelError, multilabelMarginLoss } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([[2, 0, 1.5, -1]]);

test("labels after the first -1 do not count", () => {
  const one = multilabelMarginLoss(x, tensor2d([[0, -1, -1, -1]], [1, 4], "int32"));
  expect(one).toBeAllclose(0.125);
  expect(multilabelMarginLoss(x, tensor2d([[0, -1, 2, 3]], [1, 4], "int32"))).toBeAllclose(one);
});

test("a class that does not exist is refused", () => {
  expect(() => multilabelMarginLoss(x, tensor2d([[4, -1, -1, -1]], [1, 4], "int32"))).toThrow(
    new LabelError(
      "multilabelMarginLoss: target[0] is 4, expected a class from 0 to 3, or -1 for one to ignore.",
    ),
  );
});
