import { fractionalMaxPool2d, OptionError, Rng, WindowError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = sines([2, 6, 5, 3]) as Tensor4D;

test("the next windows are others, and the same seed gives the same", () => {
  const rng = new Rng(1);
  const [first, second] = [1, 2].map(() => fractionalMaxPool2d(x, 2, { outputSize: 3, rng }).arraySync());
  expect(second).not.toEqual(first);
  expect(fractionalMaxPool2d(x, 2, { outputSize: 3, rng: new Rng(1) }).arraySync()).toEqual(first);
});

test("refuses sizes and ratios that make no sense", () => {
  const rng = new Rng(0);
  expect(() => fractionalMaxPool2d(x, 2, { rng })).toThrow(
    new OptionError("fractionalMaxPool2d", "outputSize", undefined, "either outputSize or outputRatio"),
  );
  expect(() => fractionalMaxPool2d(x, 2, { rng, outputRatio: [0.5, 1] })).toThrow(
    new OptionError(
      "fractionalMaxPool2d",
      "outputRatio",
      [0.5, 1],
      "a number between 0 and 1, or one for each axis",
    ),
  );
  expect(() => fractionalMaxPool2d(x, 0, { rng, outputSize: 2 })).toThrow(WindowError);
});
