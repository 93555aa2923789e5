import { ConfusionMatrix, confusionMatrix, LabelError, OptionError } from "@pellucid/core-train";
import { tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("rows are what is right, columns what was predicted", async () => {
  const [found, right] = [tensor1d([1, 1, 0], "int32"), tensor1d([0, 1, 0], "int32")];
  expect(await confusionMatrix(found, right, { classes: 3 })).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [0, 0, 0],
  ]);
});

test("a row of nothing has shares of 0, as in scikit-learn", async () => {
  const [found, right] = [tensor1d([1, 0], "int32"), tensor1d([0, 0], "int32")];
  expect(await confusionMatrix(found, right, { normalize: "true" })).toEqual([
    [0.5, 0.5],
    [0, 0],
  ]);
});

test("forgetting keeps the number of classes asked for", () => {
  const matrix = new ConfusionMatrix({ classes: 2 });
  matrix.reset();
  expect(matrix.compute()).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test("a label far beyond the classes is refused, where a matrix of that size would take gigabytes", async () => {
  const [found, right] = [tensor1d([1, 0], "int32"), tensor1d([1e6, 0], "int32")];
  await expect(confusionMatrix(found, right)).rejects.toThrow(
    new LabelError(
      "ConfusionMatrix: a label is 1000000, expected classes from 0 to 8191: the matrix has a row for each class. Number the classes that occur from 0 on.",
    ),
  );
  expect(() => new ConfusionMatrix({ classes: Infinity })).toThrow(OptionError);
});
