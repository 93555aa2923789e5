import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  leastPivot,
  logDeterminant,
  lu,
  luSolve,
  NotPositiveDefiniteError,
  solveLower,
  solveUpper,
} from "@pellucid/core-train/linalg";
import { expect, test } from "vitest";

/** Expects the numbers of `torch.linalg` in 64 bits. */
function expectNumbers(found: readonly ArrayLike<number>[], expected: readonly (readonly number[])[]): void {
  expect(found.map((row) => Array.from(row, (value) => Number(value.toFixed(14)) + 0))).toEqual(
    expected.map((row) => row.map((value) => Number(value.toFixed(14)))),
  );
}
const covariance = [Float64Array.of(4, 2, 0.6), Float64Array.of(2, 5, 1.5), Float64Array.of(0.6, 1.5, 3)];
const b = [1, -2, 3];

test("a Cholesky decomposition, its solutions, inverse and determinant are PyTorch's", () => {
  const { lower, jitter } = cholesky(covariance);
  expect(jitter).toBe(0);
  expectNumbers(lower, [
    [2, 0, 0],
    [1, 2, 0],
    [0.3, 0.6, 1.5968719422671311],
  ]);
  const x = [0.5625, -1.048529411764706, 1.411764705882353];
  expectNumbers([choleskySolve(lower, b), solveUpper(lower, solveLower(lower, b))], [x, x]);
  expectNumbers(choleskyInverse(lower), [
    [0.3125, -0.125, 0],
    [-0.125, 0.2852941176470588, -0.11764705882352944],
    [0, -0.11764705882352944, 0.3921568627450981],
  ]);
  expect(logDeterminant(lower)).toBeCloseTo(3.708682081410116, 13);
});

test("a matrix that is not positive definite says at which minor, and takes the first jitter that is enough", () => {
  const singular = [Float64Array.of(1, 1), Float64Array.of(1, 1)];
  expect(() => cholesky(singular)).toThrow(NotPositiveDefiniteError);
  expect(() => cholesky(singular)).toThrow("leading minor 2");
  expect(cholesky(singular, [1e-20, 1e-6, 1]).jitter).toBe(1e-6);
});

test("rows may be any arrays, of which the lower triangle counts; what is not a matrix of finite numbers is refused by name", () => {
  expectNumbers(
    cholesky([
      [4, 99],
      [2, 5],
    ]).lower,
    [
      [2, 0],
      [1, 2],
    ],
  );
  expect(() =>
    cholesky([
      [4, 0],
      [NaN, 3],
    ]),
  ).toThrow("row 1 has a number that is not finite");
  const whole = cholesky(covariance) as never;
  expect(() => choleskySolve(whole, b)).toThrow("expected its rows: the lower of what cholesky gives");
  expect(() => logDeterminant(whole)).toThrow("logDeterminant: lower is not a matrix");
});

test("a decomposition into triangular matrices, and its solution, are PyTorch's, also where the first pivot is 0", () => {
  const found = lu([
    [0, 2, 1],
    [3, 1, -2],
    [1, 4, 0.5],
  ]);
  expectNumbers(found.rows, [
    [3, 1, -2],
    [0.3333333333333333, 3.6666666666666665, 1.1666666666666665],
    [0, 0.5454545454545455, 0.36363636363636365],
  ]);
  expect(found.order).toEqual([1, 2, 0]);
  expectNumbers([luSolve(found, b)], [[-3.125, 1.875, -2.75]]);
  expect(leastPivot(found)).toBeCloseTo(0.36363636363636365, 14);
});

test("a singular matrix has a pivot of 0", () => {
  expect(
    leastPivot(
      lu([
        [1, 2],
        [2, 4],
      ]),
    ),
  ).toBe(0);
});
