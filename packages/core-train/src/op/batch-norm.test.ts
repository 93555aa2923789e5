import { gradient } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { broadcastTo, mul, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { batchNorm, normalizeWith } from "./batch-norm.ts";
import { groupNorm } from "./group-norm.ts";
import { layerNorm } from "./layer-norm.ts";
import { rmsNorm } from "./rms-norm.ts";

const x = sines([3, 1, 6]);
const weight = sines([6], 2) as Tensor1D;
const bias = sines([6], 3) as Tensor1D;

const norms: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  batchNorm: (at) => batchNorm(at, weight, bias, 0.1).y,
  layerNorm: (at) => layerNorm(at, weight, bias, 0.1),
  rmsNorm: (at) => rmsNorm(at, weight, 0.1),
  groupNorm: (at) => groupNorm(at, 3, weight, bias, 0.1).y,
};

test.each(Object.entries(norms))("%s has first and second derivatives", (_, norm) => {
  checkGradient(norm, x);
  const derivative = gradient((at: Tensor) => sum(mul(norm(at), sines(x.shape, 1))));
  checkGradient(derivative, x);
});

test("normalizeWith has a derivative", () => {
  checkGradient((at) => normalizeWith(at, bias, mul(weight, weight), weight, bias, 0.1), x);
});

test("what batchNorm normalized with counts as constant", () => {
  const meanTimes = (at: Tensor) => sum(mul(batchNorm(at, weight, bias, 0.1).mean, at));
  const expected = broadcastTo(batchNorm(x, weight, bias, 0.1).mean, x.shape);
  expect(gradient(meanTimes)(x)).toBeAllclose(expected);
});
