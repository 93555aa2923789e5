import { zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { AxisError } from "./axis-error.ts";
import { sizeAlong } from "./size-along.ts";

const x = zeros([2, 0, 5]);

test("the size of an axis, from the start and from the end", () => {
  expect([0, 1, 2, -1, -3].map((axis) => sizeAlong(x, axis))).toEqual([2, 0, 5, 5, 2]);
});

test.each([3, -4])("there is no axis %i", (axis) => {
  expect(() => sizeAlong(x, axis)).toThrow(AxisError);
  expect(() => sizeAlong(x, axis)).toThrow(`sizeAlong: axis is ${axis}, expected one of the 3 of [2, 0, 5].`);
});

test("what has no shape is refused", () => {
  expect(() => sizeAlong(null as never, 0)).toThrow(AxisError);
  expect(() => sizeAlong({} as never, 0)).toThrow(AxisError);
});
