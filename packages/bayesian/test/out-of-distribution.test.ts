import { maxProbabilityScore } from "@pellucid/bayesian";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("the less a net is sure of any class, the higher is the score", () => {
  const logits = tensor2d([
    [0, 0],
    [Math.log(9), 0],
  ]);
  expect(maxProbabilityScore(logits)).toBeAllclose([0.5, 0.1]);
});
