import type { LogitDistribution } from "./last-layer-laplace.ts";

/**
 * The class probabilities of normally distributed logits, MacKay's probit approximation: the softmax of `mean / √(1 + π/8 · variance)`, so that
 * uncertain logits count less.
 */
export function probit({ mean, covariance }: LogitDistribution): Float64Array {
  const logits = mean.map((m, k) => m / Math.sqrt(1 + (Math.PI / 8) * (covariance[k]?.[k] ?? NaN)));
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}
