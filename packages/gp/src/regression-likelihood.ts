import { cholesky, choleskyInverse, choleskySolve, logDeterminant } from "@pellucid/core-train/linalg";
import type { Kernel } from "./kernel.ts";
import type { Evaluated } from "./minimize.ts";
import { dot, matrixOf } from "./points.ts";

/** What a regressor learns from. */
export interface Training {
  readonly x: Float64Array[];
  /** `[target][point]` */
  readonly targets: Float64Array[];
  readonly noise: Float64Array;
  readonly offset: readonly number[];
  readonly scale: readonly number[];
  readonly isVector: boolean;
}

/** The lower triangle of `K(X, X) + α I`, and the jitter that it needed. */
export function decompose(kernel: Kernel, { x, noise }: Training, jitters: readonly number[]) {
  const covariance = kernel.matrix(x);
  for (const [i, row] of covariance.entries()) row[i] = (row[i] ?? NaN) + (noise[i] ?? NaN);
  return cholesky(covariance, jitters);
}

/** `log p(y) = −½ yᵀ K⁻¹ y − ½ log |K| − n/2 log 2π`, summed over the targets, and its gradient by `θ`. Rasmussen and Williams, 2006, equations 5.8 and 5.9. */
export function likelihood(
  kernel: Kernel,
  data: Training,
  jitters: readonly number[],
  hasGradient: boolean,
): Evaluated {
  const { lower } = decompose(kernel, data, jitters);
  const weights = data.targets.map((target) => choleskySolve(lower, target));
  const n = data.x.length;
  const value = data.targets.reduce(
    (sum, target, t) =>
      sum -
      0.5 * (dot(target, weights[t] as Float64Array) + logDeterminant(lower) + n * Math.log(2 * Math.PI)),
    0,
  );
  if (!hasGradient || kernel.theta.length === 0) return { value, gradient: [] };
  const inverse = choleskyInverse(lower);
  const inner = matrixOf(n, n, (i, j) =>
    weights.reduce((sum, w) => sum + (w[i] ?? NaN) * (w[j] ?? NaN) - (inverse[i]?.[j] ?? NaN), 0),
  );
  const gradient = kernel
    .gradients(data.x)
    .map((of) => 0.5 * of.reduce((sum, row, i) => sum + dot(row, inner[i] as Float64Array), 0));
  return { value, gradient };
}
