import { largestOf } from "../run/largest-of.ts";

/** A solution of a linear system, and how many of its unknowns the system determines. */
export interface Solution {
  /** `[n, columns]` */
  readonly values: Float64Array;
  /** Pivots above 1e-10 of the largest. */
  readonly rank: number;
}

/** Solves `A X = B` for a symmetric positive matrix, by Gaussian elimination with pivots. @param a `[n, n]` @param b `[n, columns]` */
export function solveSymmetric(a: Float64Array, b: Float64Array, n: number): Solution {
  const columns = b.length / n;
  const [m, x] = [a.slice(), b.slice()];
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let r = k + 1; r < n; r++)
      if (Math.abs(m[r * n + k] ?? NaN) > Math.abs(m[pivot * n + k] ?? NaN)) pivot = r;
    if (pivot !== k) {
      swapRows(m, n, k, pivot);
      swapRows(x, columns, k, pivot);
    }
    const head = m[k * n + k] ?? NaN;
    if (head === 0) continue;
    for (let r = 0; r < n; r++) {
      if (r === k) continue;
      const factor = (m[r * n + k] ?? NaN) / head;
      if (factor === 0) continue;
      for (let c = k; c < n; c++) m[r * n + c] = (m[r * n + c] ?? NaN) - factor * (m[k * n + c] ?? NaN);
      for (let c = 0; c < columns; c++)
        x[r * columns + c] = (x[r * columns + c] ?? NaN) - factor * (x[k * columns + c] ?? NaN);
    }
  }
  const pivots = Array.from({ length: n }, (_, k) => Math.abs(m[k * n + k] ?? 0));
  const largest = largestOf(pivots);
  for (let k = 0; k < n; k++) {
    const head = m[k * n + k] ?? NaN;
    for (let c = 0; c < columns; c++)
      x[k * columns + c] = head === 0 ? 0 : (x[k * columns + c] ?? NaN) / head;
  }
  return { values: x, rank: pivots.filter((pivot) => pivot > 1e-10 * largest).length };
}

function swapRows(matrix: Float64Array, width: number, a: number, b: number): void {
  for (let c = 0; c < width; c++) {
    [matrix[a * width + c], matrix[b * width + c]] = [
      matrix[b * width + c] ?? NaN,
      matrix[a * width + c] ?? NaN,
    ];
  }
}
