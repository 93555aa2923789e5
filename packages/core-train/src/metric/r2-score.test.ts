import {
  MeanAbsoluteError,
  MeanSquaredError,
  R2Score,
  r2Score,
  RootMeanSquaredError,
  ShapeError,
} from "@pellucid/core-train";
import { ones, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("the mean of the targets explains nothing", async () => {
  expect(await r2Score(tensor1d([2, 2, 2]), tensor1d([1, 2, 3]))).toBe(0);
});

test("large targets lose no digits", async () => {
  const metric = new R2Score();
  for (let i = 0; i < 100; i++)
    await metric.update(tensor1d([2 ** 23 + 1, 2 ** 23]), tensor1d([2 ** 23 + 1, 2 ** 23 + 2]));
  expect(metric.compute()).toBeCloseTo(-7, 10);
});

test("is NaN before the first batch, as every error is", () => {
  for (const metric of [
    new R2Score(),
    new MeanSquaredError(),
    new MeanAbsoluteError(),
    new RootMeanSquaredError(),
  ]) {
    expect(metric.compute()).toBeNaN();
  }
});

test("there is one axis of outputs", async () => {
  await expect(r2Score(ones([1, 2, 3]), ones([1, 2, 3]))).rejects.toThrow(
    new ShapeError("R2Score: prediction is [1, 2, 3], expected [batch] or [batch, output]."),
  );
});
