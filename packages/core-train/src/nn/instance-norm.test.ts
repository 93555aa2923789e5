import { InstanceNorm2d, ShapeError, stateOf, training } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("it has no parameters or statistics by default", () => {
  expect(stateOf(new InstanceNorm2d(3))).toEqual({});
  const full = new InstanceNorm2d(3, { affine: true, trackRunningStats: true });
  expect(Object.keys(stateOf(full))).toEqual([
    "weight",
    "bias",
    "runningMean",
    "runningVar",
    "numBatchesTracked",
  ]);
});

test("without a momentum the running statistics stay, as in PyTorch", () => {
  const norm = new InstanceNorm2d(2, { trackRunningStats: true, momentum: null });
  training(norm, () => norm.forward(sines([2, 2, 2, 2]) as Tensor4D).dispose());
  expect(norm.runningMean ?? []).toBeAllclose([0, 0]);
});

test("one position has no variance", () => {
  expect(() => new InstanceNorm2d(3).forward(sines([4, 1, 1, 3]) as Tensor4D)).toThrow(
    new ShapeError(
      "InstanceNorm2d(3): x is [4, 1, 1, 3], expected more than one value per channel. A single value has no variance.",
    ),
  );
});
