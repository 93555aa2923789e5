import {
  alphaDropout,
  Dropout,
  dropout,
  featureDropout,
  OptionError,
  Rng,
  training,
} from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { mean, moments, ones, randomNormal } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("kept elements are scaled to keep the mean", () => {
  const y = dropout(ones([20_000]), 0.2, { rng: new Rng(0) });
  expect(new Set(y.dataSync())).toEqual(new Set([0, 1.25]));
  expect(mean(y).dataSync()[0]).toBeCloseTo(1, 1);
});

test("each forward pass drops other elements, inference none", () => {
  const layer = new Dropout(0.5, { rng: new Rng(0) });
  const x = ones([100]);
  const [first, second] = training(layer, () => [layer.forward(x), layer.forward(x)]);
  expect(first?.dataSync()).not.toEqual(second?.dataSync());
  expect(layer.forward(x)).toBeAllclose(x);
});

test("feature dropout drops entire channels", () => {
  const y = featureDropout(ones([4, 3, 3, 8]), 0.5, { rng: new Rng(1) });
  expect(new Set(mean(y, [1, 2]).dataSync())).toEqual(new Set([0, 2]));
});

test("alpha dropout keeps mean 0 and variance 1", () => {
  const y = alphaDropout(randomNormal([50_000], 0, 1, "float32", 7), 0.3, { rng: new Rng(0) });
  const { mean: center, variance } = moments(y);
  expect(center.dataSync()[0]).toBeCloseTo(0, 1);
  expect(variance.dataSync()[0]).toBeCloseTo(1, 1);
});

test("the gradient uses the mask of the forward pass", () => {
  checkGradient((x) => dropout(x, 0.4, { rng: new Rng(3) }), ones([3, 4]));
});

test("probabilities 0 and 1 draw no random numbers", () => {
  const rng = new Rng(0);
  expect(dropout(ones([3]), 0, { rng })).toBeAllclose([1, 1, 1]);
  expect(dropout(ones([3]), 1, { rng })).toBeAllclose([0, 0, 0]);
  expect(rng.uint32()).toBe(new Rng(0).uint32());
});

test("a rate outside of 0 to 1 is refused", () => {
  expect(() => new Dropout(1.5, { rng: new Rng(0) })).toThrow(
    new OptionError("Dropout", "p", 1.5, "a probability, 0 to 1"),
  );
  expect(() => dropout(ones([1]), NaN, { rng: new Rng(0) })).toThrow("dropout: p is NaN");
});
