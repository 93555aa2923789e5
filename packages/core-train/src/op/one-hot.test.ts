import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { IndexError } from "../index-error.ts";
import { oneHot } from "./one-hot.ts";

test("there is a 1 at each label", () => {
  expect(oneHot(tensor([2, 0], [2], "int32"), 3)).toBeAllclose([0, 0, 1, 1, 0, 0]);
});

test.each([7, 3, -1])("a label %i of three classes is refused", (label) => {
  const run = () => oneHot(tensor([0, label], [2], "int32"), 3);
  expect(run).toThrow(IndexError);
  expect(run).toThrow(`oneHot: a label is ${label}, expected 0 to 2.`);
});
