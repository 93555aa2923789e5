import { LabelError, OptionError, TopKAccuracy, topKAccuracy } from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const scores = tensor2d([[0.5, 0.5, 0.25]]);

test("of equal scores the last class is the highest", async () => {
  expect(await topKAccuracy(scores, tensor1d([0]), 1)).toBe(0);
  expect(await topKAccuracy(scores, tensor1d([1]), 1)).toBe(1);
});

test("errors say what came", async () => {
  expect(() => new TopKAccuracy(0)).toThrow(new OptionError("TopKAccuracy", "k", 0, "an integer from 1"));
  await expect(topKAccuracy(scores, tensor1d([3]), 1)).rejects.toThrow(
    new LabelError("TopKAccuracy: target[0] is 3, expected a class from 0 to 2."),
  );
});
