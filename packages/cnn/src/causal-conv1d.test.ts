import { CausalConv1d } from "@pellucid/cnn";
import { constant, initialize, Rng } from "@pellucid/core-train";
import { tensor3d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

test("a case worked by hand: the sum of a step and of the one two before it", () => {
  const layer = new CausalConv1d(1, 1, 2, { rng, dilation: 2, bias: false });
  initialize(layer.conv, "weight", constant(1), rng);
  const x = tensor3d([1, 10, 100, 1000], [1, 4, 1]);
  expect(layer.forward(x)).toBeAllclose([1, 10, 101, 1010]);
  expect(layer.lookback).toBe(2);
});

test("is as long as its input", () => {
  const layer = new CausalConv1d(2, 3, 5, { rng });
  expect(layer.forward(tensor3d(new Float32Array(14), [1, 7, 2]))).toHaveShape([1, 7, 3]);
});

test("leaves nothing behind", () => {
  const layer = new CausalConv1d(1, 1, 2, { rng });
  const x = tensor3d([1, 2], [1, 2, 1]);
  expect(() => layer.forward(x)).toLeakNothing();
});
