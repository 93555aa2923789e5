import { add, exp, mul, square, sub, type Tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { checkRecord } from "../check-record.ts";
import { checkSameShape } from "../check-same-shape.ts";

/** A normal distribution of each number. */
export interface Gaussian {
  readonly mean: Tensor;
  /** The logarithm of the variance, of the shape of the mean. */
  readonly logVariance: Tensor;
}

/**
 * The Kullback–Leibler divergence from one normal distribution to another, of each number:
 * `½ (log σ₂² − log σ₁² + (σ₁² + (μ₁ − μ₂)²) / σ₂² − 1)`. The regularizer of a variational autoencoder, summed over an
 * example. Kingma and Welling, 2013, appendix B. https://arxiv.org/abs/1312.6114
 *
 * PyTorch's `kl_divergence` takes deviations; a network gives the logarithm of the variance, which any number can be.
 *
 * @param prior Default: the standard normal distribution.
 * @returns the shape of the mean
 */
export function gaussianKl(gaussian: Gaussian, prior?: Gaussian): Tensor {
  checkRecord("gaussianKl", "the distribution", gaussian, ["mean", "logVariance"]);
  const { mean, logVariance } = gaussian;
  checkSameShape("gaussianKl", { mean, logVariance });
  if (prior !== undefined) {
    checkShape("gaussianKl", "prior.mean", prior.mean, mean.shape);
    checkShape("gaussianKl", "prior.logVariance", prior.logVariance, mean.shape);
  }
  return tidy(() => {
    const towards = prior ?? { mean: zerosLike(mean), logVariance: zerosLike(mean) };
    const wider = sub(logVariance, towards.logVariance); //                      log σ₁² / σ₂²
    const apart = mul(square(sub(mean, towards.mean)), exp(mul(towards.logVariance, -1)));
    return mul(0.5, sub(add(sub(exp(wider), wider), apart), 1));
  });
}
