import { range, reshape, sum, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { sines } from "@pellucid/testing";
import { expect, test } from "vitest";
import { columnSum, columnTotal } from "./column-sum.ts";

test.each([1, 7, 512, 521, 600, 1024])("%i rows sum to what they sum to", (rows) => {
  const x = sines([2, rows, 3]) as Tensor3D;
  expect(columnSum(x)).toHaveShape([2, 3]);
  expect(columnSum(x)).toBeAllclose(sum(x, 1), { atol: 1e-5 });
});

test("one table", () => {
  expect(columnTotal(reshape(range(0, 6), [3, 2]))).toBeAllclose([6, 9]);
});

test("a long sum keeps its digits", () => {
  const x = tidy(() => reshape<Tensor3D["rankType"]>(range(0, 2 ** 16), [1, 2 ** 16, 1]));
  const exact = (2 ** 16 * (2 ** 16 - 1)) / 2;
  expect(Math.abs((columnSum(x).dataSync()[0] as number) / exact - 1)).toBeLessThan(1e-6);
});
