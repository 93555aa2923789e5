import { LabelError, multiMarginLoss, OptionError } from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([
  [2, 0, 1.5],
  [0, 0, 0],
]);
const y = tensor1d([0, 1], "int32");

test("classes within the margin cost what they lack", () => {
  expect(multiMarginLoss(x, y, { reduction: "none" })).toBeAllclose([0.5 / 3, 2 / 3]);
});

test("errors say what came", () => {
  expect(() => multiMarginLoss(x, y, { p: 3 as 2 })).toThrow(
    new OptionError("multiMarginLoss", "p", 3, "1 or 2"),
  );
  expect(() => multiMarginLoss(x, tensor1d([0, 3], "int32"))).toThrow(
    new LabelError("multiMarginLoss: target[1] is 3, expected a class from 0 to 2."),
  );
});
