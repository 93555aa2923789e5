import type { Matrix } from "./matrix.ts";

/** A square matrix as `A = P L U`. */
export interface Lu {
  /** `L` below the diagonal, without its ones; `U` on it and above. */
  readonly rows: Matrix;
  /** The row of `A` that each row here came from. */
  readonly order: readonly number[];
}

/**
 * Divides a square matrix into triangular ones in 64 bits, with the largest pivot of each column, as `torch.linalg.lu_factor`. Of a singular matrix, a
 * pivot (on the diagonal of `rows`) is 0 or nearly so, and it is for the caller to say what that means.
 */
export function lu(matrix: readonly ArrayLike<number>[]): Lu {
  const rows: Float64Array[] = matrix.map((row) => Float64Array.from(row));
  const order = [...rows.keys()];
  for (let k = 0; k < rows.length; k++) {
    let pivot = k;
    for (let i = k + 1; i < rows.length; i++)
      if (Math.abs(rows[i]?.[k] ?? NaN) > Math.abs(rows[pivot]?.[k] ?? NaN)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot] as Float64Array, rows[k] as Float64Array];
    [order[k], order[pivot]] = [order[pivot] ?? NaN, order[k] ?? NaN];
    const top = rows[k] as Float64Array;
    for (const row of rows.slice(k + 1)) {
      const factor = (row[k] ?? NaN) / (top[k] ?? NaN);
      row[k] = factor;
      for (let j = k + 1; j < rows.length; j++) row[j] = (row[j] ?? NaN) - factor * (top[j] ?? NaN);
    }
  }
  return { rows, order };
}

/** Solves `P L U x = b`. */
export function luSolve({ rows, order }: Lu, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(order, (i) => b[i] ?? NaN);
  for (const [i, row] of rows.entries())
    for (let k = 0; k < i; k++) x[i] = (x[i] ?? NaN) - (row[k] ?? NaN) * (x[k] ?? NaN);
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as Float64Array;
    for (let k = i + 1; k < rows.length; k++) x[i] = (x[i] ?? NaN) - (row[k] ?? NaN) * (x[k] ?? NaN);
    x[i] = (x[i] ?? NaN) / (row[i] ?? NaN);
  }
  return x;
}

/** The least absolute value of a pivot: 0 of a singular matrix. */
export const leastPivot = ({ rows }: Lu): number =>
  Math.min(...rows.map((row, i) => Math.abs(row[i] ?? NaN)));
