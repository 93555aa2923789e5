import { checkArguments, DataError, ShapeError } from "@pellucid/core-train";
import { splineBasis } from "./spline-basis.ts";

/**
 * The coefficients of the spline that is nearest to samples, by least squares in 64 bits: of all that are equally near, those of the smallest norm. So there are always
 * finite coefficients, also for fewer samples than coefficients, equal samples, equal knots, or samples beyond the knots.
 *
 * @param x of the samples
 * @param y of the samples
 * @returns one coefficient for each function of {@link splineBasis}
 * @throws {ShapeError} If `x` and `y` are not of the same length.
 * @throws {DataError} If a sample is not finite.
 */
export function fitSpline(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  knots: ArrayLike<number>,
  order: number,
): Float64Array {
  checkArguments("fitSpline", { numbers: { x, y, knots } });
  if (x.length !== y.length)
    throw new ShapeError(`fitSpline: x has ${x.length} numbers and y ${y.length}, expected as many.`);
  const rows = splineBasis(x, knots, order);
  const targets = Array.from(y, (value) => Float64Array.of(value));
  return Float64Array.from(leastSquares(rows, targets), ([value]) => value as number);
}

/**
 * The `w` of smallest norm that minimizes `‖A w − B‖²`. A ridge makes the normal equations definite, and solving again for what it left over takes its
 * effect away: three times are enough for the precision of the normal equations.
 *
 * @param a rows `[sample, coefficient]`
 * @param b rows `[sample, output]`
 * @returns rows `[coefficient, output]`
 */
export function leastSquares(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  for (const row of b)
    if (!row.every(Number.isFinite))
      throw new DataError("fitSpline: a sample is not finite, expected numbers. Is there a NaN in x or y?");
  const n = a[0]?.length ?? 0;
  const outputs = b[0]?.length ?? 0;
  const gram = normalMatrix(a, n);
  const ridge = 1e-8 * Math.max(...gram.map((row, i) => row[i] ?? NaN), Number.MIN_VALUE);
  if (ridge < 1e-300) return Array.from({ length: n }, () => new Float64Array(outputs));
  const factor = cholesky(gram, ridge);
  const w = Array.from({ length: n }, () => new Float64Array(outputs));
  for (let round = 0; round < 3; round++) {
    const right = Array.from({ length: n }, () => new Float64Array(outputs));
    for (const [s, row] of a.entries()) {
      const left = Float64Array.from(b[s] as Float64Array);
      for (const [i, ai] of row.entries())
        if (ai !== 0) for (let o = 0; o < outputs; o++) at(left, o, -ai * (w[i]?.[o] ?? NaN));
      for (const [i, ai] of row.entries())
        if (ai !== 0)
          for (let o = 0; o < outputs; o++) at(right[i] as Float64Array, o, ai * (left[o] ?? NaN));
    }
    solve(factor, right, outputs);
    for (const [i, row] of right.entries())
      for (let o = 0; o < outputs; o++) at(w[i] as Float64Array, o, row[o] ?? NaN);
  }
  return w;
}

/** Adds to an entry. */
function at(row: Float64Array, i: number, value: number): void {
  row[i] = (row[i] ?? NaN) + value;
}

function normalMatrix(a: readonly Float64Array[], n: number): Float64Array[] {
  const gram = Array.from({ length: n }, () => new Float64Array(n));
  for (const row of a)
    for (const [i, ai] of row.entries())
      if (ai !== 0) for (let j = 0; j < n; j++) at(gram[i] as Float64Array, j, ai * (row[j] ?? NaN));
  return gram;
}

/** The lower triangle `L` of `G + ridge · I = L Lᵀ`. */
function cholesky(gram: readonly Float64Array[], ridge: number): Float64Array[] {
  const lower = gram.map((row) => Float64Array.from(row));
  for (const [i, li] of lower.entries()) {
    for (let j = 0; j <= i; j++) {
      const lj = lower[j] as Float64Array;
      let sum = (li[j] ?? NaN) + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= (li[k] ?? NaN) * (lj[k] ?? NaN);
      li[j] = i === j ? Math.sqrt(Math.max(sum, ridge / 2)) : sum / (lj[j] ?? NaN);
    }
  }
  return lower;
}

/** Overwrites `right` by the solution of `L Lᵀ w = right`. */
function solve(lower: readonly Float64Array[], right: readonly Float64Array[], outputs: number): void {
  const n = lower.length;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < n; i++) {
      let sum = right[i]?.[o] ?? NaN;
      for (let k = 0; k < i; k++) sum -= (lower[i]?.[k] ?? NaN) * (right[k]?.[o] ?? NaN);
      (right[i] as Float64Array)[o] = sum / (lower[i]?.[i] ?? NaN);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = right[i]?.[o] ?? NaN;
      for (let k = i + 1; k < n; k++) sum -= (lower[k]?.[i] ?? NaN) * (right[k]?.[o] ?? NaN);
      (right[i] as Float64Array)[o] = sum / (lower[i]?.[i] ?? NaN);
    }
  }
}
