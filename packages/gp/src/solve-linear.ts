import { NotPositiveDefiniteError } from "./not-positive-definite-error.ts";
import type { Matrix } from "./points.ts";

/**
 * Decomposes a matrix by Gauss' elimination with the largest pivots, once; the result solves for any right side, and corrects it by what is left over.
 *
 * @throws {NotPositiveDefiniteError} If it is singular.
 */
export function solverOf(matrix: Matrix): (right: ArrayLike<number>) => Float64Array {
  const n = matrix.length;
  const lu: Float64Array[] = matrix.map((row) => Float64Array.from(row));
  const order = [...new Array(n).keys()];
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(lu[i]?.[k] as number) > Math.abs(lu[pivot]?.[k] as number)) pivot = i;
    [lu[k], lu[pivot]] = [lu[pivot] as Float64Array, lu[k] as Float64Array];
    [order[k], order[pivot]] = [order[pivot] as number, order[k] as number];
    const top = lu[k] as Float64Array;
    if (Math.abs(top[k] as number) < 1e-13)
      throw new NotPositiveDefiniteError(
        "kriging: the equations are singular, expected a solution. Do points coincide, or is a drift the same at all of them?",
      );
    for (let i = k + 1; i < n; i++) {
      const row = lu[i] as Float64Array;
      const factor = (row[k] as number) / (top[k] as number);
      row[k] = factor;
      for (let j = k + 1; j < n; j++) row[j] = (row[j] as number) - factor * (top[j] as number);
    }
  }
  const once = (right: ArrayLike<number>): Float64Array => {
    const x = Float64Array.from(order, (i) => right[i] as number);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (lu[i]?.[k] as number) * (x[k] as number);
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - (lu[i]?.[k] as number) * (x[k] as number);
      x[i] = (x[i] as number) / (lu[i]?.[i] as number);
    }
    return x;
  };
  return (right) => {
    const x = once(right);
    const left = matrix.map((row, i) =>
      row.reduce((sum, value, j) => sum - value * (x[j] as number), right[i] as number),
    );
    const correction = once(left);
    return x.map((value, i) => value + (correction[i] as number));
  };
}
