import { BatchNorm2d, FrozenBatchNorm2d, loadWeights, torchStateOf, trainable } from "@pellucid/core-train";
import { tensor1d, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = (): Tensor4D => tensor4d([1, -2, 3, 0.5], [1, 2, 1, 2]);

test("it loads the weights of a BatchNorm2d, whose count of batches it ignores, and then gives the same", async () => {
  const norm = new BatchNorm2d(2);
  norm.runningMean?.assign(tensor1d([0.5, -1]));
  norm.runningVar?.assign(tensor1d([3, 0.2]));
  const state = await torchStateOf(norm);
  const frozen = new FrozenBatchNorm2d(2);
  expect(loadWeights(frozen, state).unknown).toEqual([]);
  expect(frozen.forward(x())).toBeAllclose(norm.forward(x()), { rtol: 0, atol: 1e-6 });
  expect(Object.keys(await torchStateOf(frozen))).toEqual(["weight", "bias", "running_mean", "running_var"]);
});

test("any other unknown entry is still an error", async () => {
  const state = await torchStateOf(new FrozenBatchNorm2d(2));
  expect(() =>
    loadWeights(new FrozenBatchNorm2d(2), { ...state, scale: { data: new Float32Array(2), shape: [2] } }),
  ).toThrow("unknown: scale");
});

test("nothing in it is trained", () => {
  expect(trainable(new FrozenBatchNorm2d(2))).toEqual({});
});
