import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
  type Matrix,
} from "@pellucid/core-train/linalg";
import type { Kernel } from "./kernel.ts";
import type { Evaluated } from "./minimize.ts";
import { dot, matrixOf, symmetric } from "./points.ts";

/** What a sparse process learns from. */
export interface SparseTraining {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly inducing: Matrix;
  readonly jitter: number;
}

/**
 * The evidence lower bound with the best `q(u)`, and its gradient by `θ` and by the logarithm of the variance `s` of the noise, which comes last:
 *
 *     F = log N(y | 0, Q + s I) − (tr K − tr Q) / 2s,   Q = K(x, u) K(u, u)⁻¹ K(u, x)
 *
 * in `O(n m²)` for `n` points and `m` inducing ones. Titsias, 2009, equation 9. https://proceedings.mlr.press/v5/titsias09a.html
 */
export function sparseBound(kernel: Kernel, s: number, data: SparseTraining): Evaluated {
  const { x, y, inducing, jitter } = data;
  const [n, m] = [x.length, inducing.length];
  const prior = kernel.matrix(inducing);
  for (const [i, row] of prior.entries()) row[i] = (row[i] ?? NaN) + jitter;
  const cross = kernel.matrix(x, inducing); //                                               [point][inducing]
  const products = symmetric(m, (i, j) =>
    cross.reduce((sum, row) => sum + (row[i] ?? NaN) * (row[j] ?? NaN), 0),
  );
  const inner = symmetric(m, (i, j) => s * (prior[i]?.[j] ?? NaN) + (products[i]?.[j] ?? NaN)); // A = s K + P
  const [{ lower }, { lower: own }] = [cholesky(prior), cholesky(inner)];
  const pulls = Float64Array.from({ length: m }, (_, i) =>
    cross.reduce((sum, row, k) => sum + (row[i] ?? NaN) * (y[k] ?? NaN), 0),
  );
  const weights = choleskySolve(own, pulls); //                                              A⁻¹ K(u, x) y
  const inverse = choleskyInverse(lower);
  const trace = (a: Matrix, b: Matrix): number =>
    a.reduce((sum, row, i) => sum + dot(row, b[i] as Float64Array), 0);
  const rest = dot(y, y) - dot(pulls, weights);
  const unexplained = kernel.diagonal(x).reduce((a, b) => a + b, 0) - trace(inverse, products);
  const value =
    -0.5 *
    (n * Math.log(2 * Math.PI) +
      (n - m) * Math.log(s) +
      logDeterminant(own) -
      logDeterminant(lower) +
      (rest + unexplained) / s);

  const inverseInner = choleskyInverse(own);
  const byInner = symmetric(
    m,
    (i, j) => -0.5 * ((inverseInner[i]?.[j] ?? NaN) + ((weights[i] ?? NaN) * (weights[j] ?? NaN)) / s),
  );
  const byProducts = symmetric(m, (i, j) => (byInner[i]?.[j] ?? NaN) + (inverse[i]?.[j] ?? NaN) / (2 * s));
  const solved = products.map((row) => choleskySolve(lower, row)); //                        P K⁻¹
  const sandwich = symmetric(m, (i, j) =>
    dot(
      inverse[i] as Float64Array,
      Float64Array.from(solved, (row) => row[j] ?? NaN),
    ),
  );
  const byPrior = symmetric(
    m,
    (i, j) => 0.5 * ((inverse[i]?.[j] ?? NaN) - (sandwich[i]?.[j] ?? NaN) / s) + s * (byInner[i]?.[j] ?? NaN),
  );
  const byCross = matrixOf(
    n,
    m,
    (k, i) =>
      2 * dot(byProducts[i] as Float64Array, cross[k] as Float64Array) +
      ((weights[i] ?? NaN) * (y[k] ?? NaN)) / s,
  );
  const gradient = kernel.gradients(inducing).map((of) => trace(of, byPrior));
  for (const [k, point] of x.entries())
    for (const [t, of] of kernel.gradients([...inducing, point]).entries()) {
      const row = of[m] as Float64Array; // the derivatives of k(x, u), and of k(x, x) at its end
      gradient[t] =
        (gradient[t] ?? NaN) +
        dot(byCross[k] as Float64Array, row.subarray(0, m)) -
        (row[m] ?? NaN) / (2 * s);
    }
  const bySize = -0.5 * (n - m - (rest + unexplained) / s) + s * trace(byInner, prior);
  return { value, gradient: [...gradient, bySize] };
}
