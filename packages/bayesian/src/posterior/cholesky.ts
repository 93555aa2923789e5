import { DataError } from "@pellucid/core-train";

/** A square matrix, row by row, in 64 bits. */
export type Matrix = readonly Float64Array[];

/**
 * The lower triangle `L` of `A = L Lᵀ`.
 *
 * @throws DataError where the matrix is not positive definite
 */
export function cholesky(a: Matrix): Matrix {
  const lower = a.map((row) => new Float64Array(row.length));
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      const [rowI, rowJ] = [lower[i] as Float64Array, lower[j] as Float64Array];
      let rest = (a[i] as Float64Array)[j] ?? NaN;
      for (let k = 0; k < j; k++) rest -= (rowI[k] ?? NaN) * (rowJ[k] ?? NaN);
      if (i === j && !(rest > 0))
        throw new DataError(`cholesky: the matrix is not positive definite, pivot ${i} is ${rest}.`);
      rowI[j] = i === j ? Math.sqrt(rest) : rest / (rowJ[j] ?? NaN);
    }
  return lower;
}

/** `L⁻¹ b`. */
export function solveLower(lower: Matrix, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(b.length);
  for (let i = 0; i < x.length; i++) {
    let rest = b[i] ?? NaN;
    for (let k = 0; k < i; k++) rest -= ((lower[i] as Float64Array)[k] ?? NaN) * (x[k] ?? NaN);
    x[i] = rest / ((lower[i] as Float64Array)[i] ?? NaN);
  }
  return x;
}

/** `log det A`, of its lower triangle. */
export const logDeterminant = (lower: Matrix): number =>
  2 * lower.reduce((sum, row, i) => sum + Math.log(row[i] ?? NaN), 0);
