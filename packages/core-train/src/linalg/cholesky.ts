import { checkArguments } from "../check-arguments.ts";
import { checkNotNegative } from "../check-values.ts";
import { ShapeError } from "../shape-error.ts";
import type { Matrix } from "./matrix.ts";
import { NotPositiveDefiniteError } from "./not-positive-definite-error.ts";

/** The lower triangle of a {@link cholesky} decomposition. */
export interface Cholesky {
  /** `L` of `A + jitter · I = L Lᵀ` */
  readonly lower: Float64Array[];
  /** What had to be added to the diagonal; 0 for nothing. */
  readonly jitter: number;
}

/**
 * The Cholesky decomposition of a symmetric matrix, in 64 bits, as `torch.linalg.cholesky`. Only its lower triangle is read.
 *
 * @param jitters what to add to the diagonal, tried in order, when the matrix is not positive definite as it is; the result says which was needed. Default: none.
 * @throws {NotPositiveDefiniteError} If it is not positive definite, with none of them.
 */
export function cholesky(matrix: readonly ArrayLike<number>[], jitters: readonly number[] = []): Cholesky {
  checkArguments("cholesky", { "numbers[]": { matrix }, numbers: { jitters } });
  if (matrix.some((row) => row.length !== matrix.length))
    throw new ShapeError(`cholesky: the matrix has ${matrix.length} rows, expected as many columns.`);
  for (const jitter of jitters) checkNotNegative("cholesky", { jitter });
  const wrong = matrix.findIndex(
    (row, i) =>
      !Array.from(row)
        .slice(0, i + 1)
        .every(Number.isFinite),
  );
  if (wrong >= 0)
    throw new NotPositiveDefiniteError(`cholesky: row ${wrong} has a number that is not finite.`);
  let failedAt = 0;
  for (const jitter of [0, ...jitters]) {
    const found = decompose(matrix, jitter);
    if (typeof found !== "number") return { lower: found, jitter };
    failedAt = found;
  }
  throw new NotPositiveDefiniteError(
    `cholesky: leading minor ${failedAt + 1} is not positive, expected a positive definite matrix. Of a covariance: do points coincide? Add noise (alpha, a white kernel), or allow a jitter such as [1e-10, 1e-8, 1e-6].`,
  );
}

/** `L`, or the row at which a pivot is not positive. */
function decompose(matrix: readonly ArrayLike<number>[], jitter: number): Float64Array[] | number {
  const lower: Float64Array[] = matrix.map((row) => Float64Array.from(row));
  for (const [i, li] of lower.entries()) {
    for (let j = 0; j <= i; j++) {
      const lj = lower[j] as Float64Array;
      let sum = (li[j] ?? NaN) + (i === j ? jitter : 0);
      for (let k = 0; k < j; k++) sum -= (li[k] ?? NaN) * (lj[k] ?? NaN);
      if (i !== j) li[j] = sum / (lj[j] ?? NaN);
      else if (sum > 0) li[j] = Math.sqrt(sum);
      else return i;
    }
    li.fill(0, i + 1);
  }
  return lower;
}

/** Solves `L x = b`. */
export function solveLower(lower: Matrix, b: ArrayLike<number>): Float64Array {
  checkLower("solveLower", lower);
  const x = Float64Array.from(b);
  for (const [i, row] of lower.entries()) {
    let sum = x[i] ?? NaN;
    for (let k = 0; k < i; k++) sum -= (row[k] ?? NaN) * (x[k] ?? NaN);
    x[i] = sum / (row[i] ?? NaN);
  }
  return x;
}

/** Solves `Lᵀ x = b`. */
export function solveUpper(lower: Matrix, b: ArrayLike<number>): Float64Array {
  checkLower("solveUpper", lower);
  const x = Float64Array.from(b);
  for (let i = lower.length - 1; i >= 0; i--) {
    let sum = x[i] ?? NaN;
    for (let k = i + 1; k < lower.length; k++) sum -= (lower[k]?.[i] ?? NaN) * (x[k] ?? NaN);
    x[i] = sum / (lower[i]?.[i] ?? NaN);
  }
  return x;
}

/** Solves `L Lᵀ x = b`. */
export function choleskySolve(lower: Matrix, b: ArrayLike<number>): Float64Array {
  return solveUpper(lower, solveLower(lower, b));
}

/** `(L Lᵀ)⁻¹` */
export function choleskyInverse(lower: Matrix): Float64Array[] {
  checkLower("choleskyInverse", lower);
  const n = lower.length;
  return Array.from({ length: n }, (_, i) => choleskySolve(lower, new Float64Array(n).fill(1, i, i + 1)));
}

/** The logarithm of the determinant of `L Lᵀ`. */
export function logDeterminant(lower: Matrix): number {
  checkLower("logDeterminant", lower);
  return 2 * lower.reduce((sum, row, i) => sum + Math.log(row[i] ?? NaN), 0);
}

/** These are called in loops, so that no more is looked at than what would fail without a name. */
function checkLower(caller: string, lower: Matrix): void {
  if (Array.isArray(lower)) return;
  throw new ShapeError(
    `${caller}: lower is not a matrix, expected its rows: the lower of what cholesky gives.`,
  );
}
