import {
  AveragePrecision,
  averagePrecision,
  DomainError,
  LabelError,
  RocAuc,
  rocAuc,
  ShapeError,
} from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const scores = tensor2d([
  [0.5, 0.25, 0.25],
  [0.25, 0.5, 0.25],
  [0.5, 0.25, 0.25],
]);

test("each class is measured for itself", async () => {
  const metric = new RocAuc();
  await metric.update(scores, tensor1d([0, 1, 2]));
  expect(metric.perClass()).toEqual([0.75, 1, 0.5]);
});

test("before the first batch there is nothing to measure", () => {
  expect(new RocAuc().compute()).toBeNaN();
  expect(new AveragePrecision().compute()).toBeNaN();
});

test("errors say what came", async () => {
  await expect(rocAuc(tensor1d([0.5, NaN]), tensor1d([0, 1]))).rejects.toThrow(
    new DomainError("RocAuc: prediction[1] is NaN, expected a number."),
  );
  await expect(averagePrecision(tensor1d([0.5]), tensor1d([2]))).rejects.toThrow(
    new LabelError("AveragePrecision: target[0] is 2, expected a class from 0 to 1."),
  );
  const metric = new RocAuc();
  await metric.update(scores, tensor1d([0, 1, 2]));
  await expect(metric.update(tensor1d([0.5]), tensor1d([1]))).rejects.toThrow(
    new ShapeError("RocAuc: prediction has 1 classes, expected 3 as before."),
  );
});
