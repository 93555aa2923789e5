import { leastPivot, lu, luSolve, type Matrix, NotPositiveDefiniteError } from "@pellucid/core-train/linalg";

/**
 * Decomposes a symmetric matrix by Gauss' elimination with the largest pivots, once; the result solves for any right side, and corrects it by what is left over.
 *
 * @throws {NotPositiveDefiniteError} If it is singular, or so nearly that fewer than four digits of a solution would be right: its condition number is above 1e12.
 */
export function solverOf(matrix: Matrix): (right: ArrayLike<number>) => Float64Array {
  const decomposed = lu(matrix);
  if (!(leastPivot(decomposed) >= 1e-13))
    throw new NotPositiveDefiniteError(
      "kriging: the equations are singular, expected a solution. Do points coincide, or is a drift the same at all of them?",
    );
  const once = (right: ArrayLike<number>) => luSolve(decomposed, right);
  const condition = normOf(matrix) * inverseNorm(once, matrix.length);
  if (!(condition < 1e12))
    throw new NotPositiveDefiniteError(
      `kriging: the equations are nearly singular, with a condition number of ${condition.toExponential(0)}, expected below 1e12. Give the variogram a nugget, such as a thousandth of the sill: a Gaussian one needs it where points are near each other.`,
    );
  return (right) => {
    const x = once(right);
    const left = matrix.map((row, i) =>
      row.reduce((sum, value, j) => sum - value * (x[j] ?? NaN), right[i] ?? NaN),
    );
    const correction = once(left);
    return x.map((value, i) => value + (correction[i] ?? NaN));
  };
}

/** The largest sum of absolute values of a row, which for a symmetric matrix is that of a column too. */
const normOf = (matrix: Matrix): number =>
  Math.max(...matrix.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));

/**
 * The norm of the inverse, at least nearly, by a few solutions: Hager's estimate, and that of a right side with changing signs that it cannot miss.
 *
 * Hager, 1984; Higham, 1988. https://doi.org/10.1145/50063.214386
 */
function inverseNorm(solve: (right: ArrayLike<number>) => Float64Array, n: number): number {
  const sizeOf = (x: Float64Array) => x.reduce((sum, value) => sum + Math.abs(value), 0);
  let right = new Float64Array(n).fill(1 / n);
  let best = 0;
  for (let round = 0; round < 5; round++) {
    const x = solve(right);
    const size = sizeOf(x);
    if (!(size > best)) break;
    best = size;
    const rates = solve(x.map(Math.sign)).map(Math.abs);
    const largest = rates.indexOf(Math.max(...rates));
    right = Float64Array.from({ length: n }, (_, i) => Number(i === largest));
  }
  const signs = Float64Array.from(
    { length: n },
    (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(1, n - 1)),
  );
  return Math.max(best, (2 * sizeOf(solve(signs))) / (3 * n));
}
