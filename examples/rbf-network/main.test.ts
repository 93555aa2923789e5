import { Rng } from "@pellucid/core-train";
import { expect, test } from "vitest";
import { kMeans } from "./k-means.ts";
import { leastSquares } from "./least-squares.ts";
import { main } from "./main.ts";

test("97 % of the digits are right, with scikit-learn's k-means and least squares 98.2 %", async () => {
  expect(await main()).toBeGreaterThanOrEqual(0.97);
});

test("k-means finds two clusters' means", () => {
  const points = [0, 1, 10, 11].map((x) => Float64Array.of(x));
  const centers = kMeans(points, 2, new Rng(0)).map(([x]) => x);
  expect(centers.toSorted((a = 0, b = 0) => a - b)).toEqual([0.5, 10.5]);
});

test("least squares solves a case worked by hand: the line through (0, 1), (1, 3), (2, 5)", () => {
  const a = [0, 1, 2].map((x) => Float64Array.of(1, x));
  const b = [1, 3, 5].map((y) => Float64Array.of(y));
  expect(leastSquares(a, b, 0)).toBeAllclose([1, 2], { rtol: 1e-12, atol: 1e-12 });
});

test("features that depend on each other are an error", () => {
  expect(() => leastSquares([Float64Array.of(1, 1)], [Float64Array.of(1)], 0)).toThrow(
    "depend on each other",
  );
});
