import type { Matrix } from "@pellucid/core-train/linalg";
import type { LogitDistribution } from "./last-layer-laplace.ts";

/** `diag p − p pᵀ`, the curvature of a cross-entropy by its logits. */
export const softmaxCurvature = (p: ArrayLike<number>): Matrix =>
  Array.from(p, (left, i) => Float64Array.from(p, (right, j) => (i === j ? left : 0) - left * right));

/** The softmax of `mean / √(1 + π/8 · variance)`. */
export function probit({ mean, covariance }: LogitDistribution): Float64Array {
  const shrunk = mean.map((m, k) => m / Math.sqrt(1 + (Math.PI / 8) * (covariance[k]?.[k] ?? NaN)));
  const largest = Math.max(...shrunk);
  const weights = shrunk.map((m) => Math.exp(m - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}
