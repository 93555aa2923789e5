import { F1Score, FBetaScore, OptionError, Precision, precision } from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("classes that scores distinguish but do not occur have a score, which does not count in the mean", async () => {
  const metric = new Precision();
  await metric.update(tensor2d([[1, 0, 0]]), tensor1d([0]));
  expect(metric.perClass()).toEqual([1, 0, 0]);
  expect(metric.compute()).toBe(1);
});

test("before the first batch there is nothing to score", () => {
  expect(new F1Score().compute()).toBeNaN();
  expect(new F1Score().perClass()).toEqual([]);
});

test("ignored labels do not count", async () => {
  const [found, right] = [tensor1d([0, 1, 1], "int32"), tensor1d([0, 1, 255], "int32")];
  expect(await precision(found, right, { average: "none", ignoreIndex: 255 })).toEqual([1, 1]);
});

test("beta is not negative", () => {
  expect(() => new FBetaScore(-1)).toThrow(new OptionError("FBetaScore", "beta", -1, "0 or more"));
});
