import { BatchNorm1d, BatchNorm2d, freeze, ShapeError, stateOf, training } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { add, memory, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rows = sines([5, 3]) as Tensor2D;

test("its state has PyTorch's entries, in its order", () => {
  expect(Object.keys(stateOf(new BatchNorm1d(3)))).toEqual([
    "weight",
    "bias",
    "runningMean",
    "runningVar",
    "numBatchesTracked",
  ]);
  expect(Object.keys(stateOf(new BatchNorm1d(3, { affine: false, trackRunningStats: false })))).toEqual([]);
});

test("in training the output has mean 0 and variance 1 in each channel, also far from 0", () => {
  const norm = new BatchNorm1d(3, { affine: false, trackRunningStats: false });
  const far = add<Tensor2D>(rows, 1000);
  const y = [...norm.forward(far).dataSync()];
  for (const channel of [0, 1, 2]) {
    const column = y.filter((_, i) => i % 3 === channel);
    expect(column.reduce((total, v) => total + v) / 5).toBeCloseTo(0, 3);
    expect(column.reduce((total, v) => total + v * v, 0) / 5).toBeCloseTo(1, 3);
  }
});

test("running statistics move when the step ends well, and not when it throws", () => {
  const norm = new BatchNorm1d(3);
  const failing = () =>
    training(norm, () => {
      norm.forward(rows).dispose();
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(failing).toLeakNothing();
  expect(norm.runningMean ?? []).toBeAllclose([0, 0, 0]);
  expect(norm.numBatchesTracked ?? []).toBeAllclose([0]);
  training(norm, () => {
    norm.forward(rows).dispose();
    expect(norm.numBatchesTracked ?? []).toBeAllclose([0]);
    norm.forward(rows).dispose();
  });
  expect(norm.numBatchesTracked ?? []).toBeAllclose([2]);
  expect(norm.numBatchesTracked?.dtype).toBe("int32");
});

test("inference does not move them", () => {
  const norm = new BatchNorm1d(3);
  norm.forward(rows).dispose();
  expect(norm.runningVar ?? []).toBeAllclose([1, 1, 1]);
});

test("one value per channel has no variance", () => {
  const norm = new BatchNorm2d(3);
  const pixel = sines([1, 1, 1, 3]) as Tensor4D;
  expect(norm.forward(pixel)).toHaveShape([1, 1, 1, 3]);
  expect(() => training(norm, () => norm.forward(pixel))).toThrow(
    new ShapeError(
      "BatchNorm2d(3): x is [1, 1, 1, 3], expected more than one value per channel in training. Use larger batches.",
    ),
  );
});

test("freezing stops its weights, not its statistics, as in PyTorch", () => {
  const norm = new BatchNorm1d(3);
  freeze(norm);
  training(norm, () => norm.forward(rows).dispose());
  expect(norm.numBatchesTracked ?? []).toBeAllclose([1]);
});

test("a thousand steps leak no tensors", () => {
  const norm = new BatchNorm1d(3);
  const step = () => training(norm, () => norm.forward(rows).dispose());
  step();
  const before = memory();
  for (let i = 0; i < 1000; i++) step();
  expect(memory().numTensors).toBe(before.numTensors);
  expect(memory().numBytes).toBe(before.numBytes);
});
