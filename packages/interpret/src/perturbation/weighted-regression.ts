import { type Solution, solveSymmetric } from "./solve-symmetric.ts";

/**
 * Weighted least squares with a ridge on the first `penalized` features: `(ZᵀWZ + λI)⁻¹ ZᵀW Y`.
 *
 * @param rows `[row][feature]`
 * @param targets `[row · column]`
 * @returns `[feature · column]`
 */
export function weightedRegression(
  rows: readonly ArrayLike<number>[],
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  ridge = 0,
  penalized = rows[0]?.length ?? 0,
): Solution {
  const features = rows[0]?.length ?? 0;
  const columns = targets.length / rows.length;
  const gram = new Float64Array(features * features);
  const right = new Float64Array(features * columns);
  rows.forEach((row, r) => {
    const weight = weights[r] ?? NaN;
    for (let a = 0; a < features; a++) {
      const at = weight * (row[a] ?? NaN);
      if (at === 0) continue;
      for (let b = 0; b < features; b++)
        gram[a * features + b] = (gram[a * features + b] ?? NaN) + at * (row[b] ?? NaN);
      for (let c = 0; c < columns; c++) {
        right[a * columns + c] = (right[a * columns + c] ?? NaN) + at * (targets[r * columns + c] ?? NaN);
      }
    }
  });
  for (let a = 0; a < penalized; a++) gram[a * features + a] = (gram[a * features + a] ?? NaN) + ridge;
  return solveSymmetric(gram, right, features);
}
