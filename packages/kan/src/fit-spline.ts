import { checkArguments, DataError, ShapeError } from "@pellucid/core-train";
import { cholesky, choleskySolve } from "@pellucid/core-train/linalg";
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
  for (const [i, row] of gram.entries()) at(row, i, ridge);
  const { lower } = cholesky(gram);
  const w = Array.from({ length: n }, () => new Float64Array(outputs));
  for (let output = 0; output < outputs; output++)
    for (let round = 0; round < 3; round++) {
      const right = new Float64Array(n);
      for (const [s, row] of a.entries()) {
        const left = row.reduce((sum, ai, i) => sum - ai * (w[i]?.[output] ?? NaN), b[s]?.[output] ?? NaN);
        for (const [i, ai] of row.entries()) at(right, i, ai * left);
      }
      for (const [i, value] of choleskySolve(lower, right).entries()) at(w[i] as Float64Array, output, value);
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
