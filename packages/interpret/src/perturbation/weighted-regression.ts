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
    const weight = weights[r] as number;
    for (let a = 0; a < features; a++) {
      const at = weight * (row[a] as number);
      if (at === 0) continue;
      for (let b = 0; b < features; b++)
        gram[a * features + b] = (gram[a * features + b] as number) + at * (row[b] as number);
      for (let c = 0; c < columns; c++) {
        right[a * columns + c] =
          (right[a * columns + c] as number) + at * (targets[r * columns + c] as number);
      }
    }
  });
  for (let a = 0; a < penalized; a++) gram[a * features + a] = (gram[a * features + a] as number) + ridge;
  return solveSymmetric(gram, right, features);
}
