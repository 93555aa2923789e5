import { OptionError } from "@pellucid/core-train";
import { type Tensor2D, tensor2d, clone } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { classScore } from "./class-score.ts";

const model = { forward: (x: Tensor2D) => clone(x) };
const logits = tensor2d([
  [1, 2],
  [3, 4],
  [5, 6],
  [7, 8],
]);

test("it is the logit of the class, of each example's own where each has one, also of copies", () => {
  expect(classScore(model, 1)(logits)).toBeAllclose([2, 4, 6, 8]);
  expect(classScore(model, [0, 1])(logits)).toBeAllclose([1, 4, 5, 8]);
});

test("a class that there is not, or targets that do not fit the batch, are errors", () => {
  expect(() => classScore(model, 2)(logits)).toThrow(
    new OptionError("classScore", "target", 2, "a class from 0 to 1"),
  );
  expect(() => classScore(model, [0, 1, 0])(logits)).toThrow("one for all or one for each of the 4 examples");
});

test("it leaks no tensors", () => {
  expect(() => classScore(model, [0, 1])(logits)).toLeakNothing();
});
