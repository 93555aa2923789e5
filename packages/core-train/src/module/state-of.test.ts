import { BatchNorm1d, Linear, Module, Rng, stateOf } from "@pellucid/core-train";
import { expect, test } from "vitest";

test("the state holds parameters and buffers by path, in field order, shared ones once", () => {
  class Net extends Module {
    readonly fc = new Linear(2, 3, { rng: new Rng(0) });
    readonly norm = new BatchNorm1d(3, { affine: false });
    readonly tied = [this.fc.weight];
  }
  const net = new Net();
  const state = stateOf(net);
  expect(Object.keys(state)).toEqual([
    "fc.weight",
    "fc.bias",
    "norm.runningMean",
    "norm.runningVar",
    "norm.numBatchesTracked",
  ]);
  expect(state["fc.weight"]).toBe(net.fc.weight);
});
