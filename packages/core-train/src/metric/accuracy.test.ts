import { Accuracy, accuracy, LabelError, ShapeError } from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const labels = tensor1d([0, 1, 1, 0], "int32");

test("a single score means 1 above the threshold", async () => {
  const logits = tensor1d([-1, 0.25, 2, 0]);
  expect(await accuracy(logits, labels, { threshold: 0 })).toBe(1);
  expect(await accuracy(logits, labels)).toBe(0.75);
});

test("ignored labels do not count", async () => {
  expect(await accuracy(tensor1d([0, 1, 0, 1], "int32"), labels, { ignoreIndex: 1 })).toBe(0.5);
});

test("is NaN before the first batch", () => {
  expect(new Accuracy().compute()).toBeNaN();
});

test("errors say what came", async () => {
  const scores = tensor2d([[1, 2, 3]]);
  await expect(accuracy(scores, tensor1d([3]))).rejects.toThrow(
    new LabelError("Accuracy: target[0] is 3, expected a class from 0 to 2."),
  );
  await expect(accuracy(tensor1d([1], "int32"), tensor1d([0.5]))).rejects.toThrow(
    new LabelError("Accuracy: target[0] is 0.5, expected a class from 0."),
  );
  await expect(accuracy(scores, labels)).rejects.toThrow(
    new ShapeError("Accuracy: target is [4], expected [1]. Labels have no class axis."),
  );
});

test("an error leaves what was counted as it was", async () => {
  const metric = new Accuracy();
  await metric.update(labels, labels);
  await expect(metric.update(labels, tensor1d([0, 0, 0, -1]))).rejects.toThrow(LabelError);
  expect(metric.compute()).toBe(1);
});
