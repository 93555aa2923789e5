import { expect, test } from "vitest";
import { contentOf } from "./constant-content.ts";
import { fitSize } from "./free-size.ts";
import type { TracedSize } from "./traced-graph.ts";

// Two runs with 3 and 5 time steps.
const time = { value: "x", axis: 1, sizes: [3, 5] };
const free = { of: [{ value: "x", axis: 1 }], times: 1, add: 0, over: 1 };
const fit = (numbers: readonly number[]): TracedSize | null =>
  numbers[0] === numbers[1] ? (numbers[0] as number) : fitSize(numbers, [time], []);
const seen = (data: readonly number[], ...sizes: number[]) => ({ data: Float32Array.from(data), sizes });

test("numbers that do not depend on the sizes are fixed", () => {
  const data = Float32Array.of(1, 2);
  expect(contentOf([seen([1, 2], 2), seen([1, 2], 2)], fit)).toEqual({ kind: "fixed", data });
});

test("one number everywhere is a fill of a shape", () => {
  const runs = [seen([7, 7, 7], 3, 1), seen([7, 7, 7, 7, 7], 5, 1)] as const;
  expect(contentOf(runs, fit)).toEqual({ kind: "filled", fill: 7, shape: [free, 1] });
});

test("equal steps are a range, also of Float32", () => {
  const tenths = (count: number) => Array.from({ length: count }, (_, i) => Math.fround(i / 2 + 1));
  const runs = [seen(tenths(3), 3), seen(tenths(5), 5)] as const;
  expect(contentOf(runs, fit)).toEqual({ kind: "range", start: 1, step: 0.5, shape: [free] });
});

test("one number that is a size is that size", () => {
  expect(contentOf([seen([3], 1), seen([5], 1)], fit)).toEqual({ kind: "size", size: free });
});

test("a causal mask is the first rows and columns of a larger one", () => {
  const mask = (n: number) => Array.from({ length: n * n }, (_, i) => (i % n > Math.floor(i / n) ? -1 : 0));
  const runs = [seen(mask(3), 3, 3), seen(mask(5), 5, 5)] as const;
  const found = contentOf(runs, fit);
  expect(found).toEqual({
    kind: "cropped",
    data: Float32Array.from(mask(5)),
    from: [5, 5],
    shape: [free, free],
  });
});

test("other numbers have no form", () => {
  expect(contentOf([seen([1, 2, 4], 3), seen([4, 2, 1, 0, 9], 5)], fit)).toBeNull();
  expect(contentOf([seen([1, 2], 2), seen([1, 3], 2)], fit)).toBeNull();
});

test.for([
  [[6, 10, 8], { times: 2, add: 0, over: 1 }],
  [[2, 4, 3], { times: 1, add: -1, over: 1 }],
  [[1, 2, 2], { times: 1, add: 0, over: 2 }],
  [[9, 25, 16], { times: 1, add: 0, over: 1, of: [time, time].map(({ value, axis }) => ({ value, axis })) }],
] as const)("%s are a formula of 3, 5 and 4", ([numbers, formula]) => {
  expect(fitSize(numbers, [{ ...time, sizes: [3, 5, 4] }], [])).toMatchObject(formula);
});

test("a number that follows no formula, and one that is not an integer, have none", () => {
  const sources = [{ ...time, sizes: [3, 5, 7] }];
  expect(fitSize([3, 9, 4], sources, [])).toBeNull();
  expect(fitSize([0.5, 1, 2], sources, [])).toBeNull();
});
