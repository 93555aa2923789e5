import { expect, test } from "vitest";
import { rangeOf, ticksOf, tickText } from "./chart.ts";

test("an axis is marked at round numbers within it", () => {
  expect(ticksOf([0, 19])).toEqual([0, 5, 10, 15]);
  expect(ticksOf([0.0708, 1])).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksOf([-3.2, 4.1])).toEqual([-2, 0, 2, 4]);
  expect(ticksOf([0, 1347])).toEqual([0, 500, 1000]);
  for (const high of [1e-6, 0.3, 7, 12, 99, 12345]) {
    const ticks = ticksOf([0, high]);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(8);
  }
});

test("a tick's label leaves room for the axis' name", () => {
  expect([-150_000, 0, 0.25, 5000, 10_000, 1_500_000].map(tickText)).toEqual([
    "−150K",
    "0",
    "0.25",
    "5000",
    "10K",
    "1.5M",
  ]);
});

test("a range is that of the finite numbers, and never empty", () => {
  expect(rangeOf([3, NaN, -1, Infinity])).toEqual([-1, 3]);
  expect(rangeOf([2, 2])).toEqual([1.5, 2.5]);
  expect(rangeOf([])).toEqual([0, 1]);
});
