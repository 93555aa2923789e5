import { LayerNorm, RMSNorm, stateOf } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { add } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("weights and biases are there when they are asked for", () => {
  expect(Object.keys(stateOf(new LayerNorm([2, 3])))).toEqual(["weight", "bias"]);
  expect(Object.keys(stateOf(new LayerNorm(3, { bias: false })))).toEqual(["weight"]);
  expect(Object.keys(stateOf(new LayerNorm(3, { elementwiseAffine: false })))).toEqual([]);
  expect(Object.keys(stateOf(new RMSNorm(3)))).toEqual(["weight"]);
});

test("a large mean leaves no trace", () => {
  const x = sines([2, 8]);
  const norm = new LayerNorm(8);
  expect(norm.forward(add(x, 1000))).toBeAllclose(norm.forward(x), { atol: 1e-3 });
});
