import { flatten, ShapeError, Unflatten, unflatten } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const images = sines([2, 3, 2, 4]);

test("it is the inverse of flatten", () => {
  const back: Tensor4D = unflatten(flatten(images), [3, 2, 4]);
  expect(back).toHaveShape([2, 3, 2, 4]);
  expect(back).toBeAllclose(images);
  expect(() => unflatten(flatten(images), [3, 2, 4])).not.toThrow();
});

test("its gradient goes back to where each number came from", () => {
  checkGradient((x) => new Unflatten([2, 1, 3]).forward(x), sines([2, 6]) as Tensor2D);
});

test("a size that is not that of the shape is refused", () => {
  const x = sines([2, 5]) as Tensor2D;
  expect(() => unflatten(x, [2, 3])).toThrow(new ShapeError("unflatten: x is [2, 5], expected [batch, 6]."));
});
