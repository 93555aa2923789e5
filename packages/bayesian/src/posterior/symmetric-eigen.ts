import type { Matrix } from "@pellucid/core-train/linalg";

/** Eigenvalues of a symmetric matrix, and its eigenvectors as columns: `A = Q diag(values) Qᵀ`. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** `[row][column]` */
  readonly vectors: Matrix;
}

/** By rotations, each of which makes one entry off the diagonal zero, until all are (Jacobi's method; Golub and Van Loan, 2013, section 8.5). In 64 bits. */
export function symmetricEigen(matrix: Matrix): SymmetricEigen {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const q = a.map((_, i) => Float64Array.from({ length: n }, (__, j) => Number(i === j)));
  const at = (rows: readonly Float64Array[], i: number, j: number) => rows[i]?.[j] ?? NaN;
  const turn = (rows: readonly Float64Array[], p: number, r: number, c: number, s: number) => {
    for (const row of rows) {
      const [x, y] = [row[p] ?? NaN, row[r] ?? NaN];
      row[p] = c * x - s * y;
      row[r] = s * x + c * y;
    }
  };
  const size = a.reduce((sum, row) => sum + row.reduce((total, x) => total + x * x, 0), 0);
  for (let sweep = 0; sweep < 60; sweep++) {
    let rest = 0;
    for (let p = 0; p < n; p++) for (let r = p + 1; r < n; r++) rest += at(a, p, r) ** 2;
    if (rest <= 1e-30 * size) break;
    for (let p = 0; p < n; p++)
      for (let r = p + 1; r < n; r++) {
        const off = at(a, p, r);
        if (off === 0) continue;
        const theta = (at(a, r, r) - at(a, p, p)) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        turn(a, p, r, c, s); // the columns
        const [rowP, rowR] = [a[p] as Float64Array, a[r] as Float64Array];
        for (let k = 0; k < n; k++) {
          const [x, y] = [rowP[k] ?? NaN, rowR[k] ?? NaN];
          rowP[k] = c * x - s * y;
          rowR[k] = s * x + c * y;
        }
        turn(q, p, r, c, s);
      }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => at(a, i, i)), vectors: q };
}
