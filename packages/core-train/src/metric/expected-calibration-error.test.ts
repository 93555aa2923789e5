import {
  DomainError,
  ExpectedCalibrationError,
  expectedCalibrationError,
  LabelError,
  OptionError,
} from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("sure and right is calibrated, sure and wrong is not", async () => {
  const sure = tensor2d([
    [1, 0],
    [0, 1],
  ]);
  expect(await expectedCalibrationError(sure, tensor1d([0, 1]))).toBe(0);
  expect(await expectedCalibrationError(sure, tensor1d([1, 0]))).toBe(1);
});

test("is NaN before the first batch", () => {
  expect(new ExpectedCalibrationError().compute()).toBeNaN();
});

test("errors say what came", async () => {
  expect(() => new ExpectedCalibrationError({ bins: 0 })).toThrow(
    new OptionError("ExpectedCalibrationError", "bins", 0, "an integer from 1"),
  );
  await expect(expectedCalibrationError(tensor2d([[2, -1]]), tensor1d([0]))).rejects.toThrow(
    new DomainError(
      "ExpectedCalibrationError: prediction[0] is 2, expected 0 to 1. Apply softmax to logits.",
    ),
  );
  await expect(expectedCalibrationError(tensor2d([[0.5, 0.5]]), tensor1d([2]))).rejects.toThrow(
    new LabelError("ExpectedCalibrationError: target[0] is 2, expected a class from 0 to 1."),
  );
});
