import { checkRecord, checkShape, checkTensor, type Gaussian } from "@pellucid/core-train";
import { add, exp, mul, neg, square, sub, type Tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";

/**
 * The logarithm of the density of normal distributions, of each number: `−½ ((x − μ)² / σ² + log σ² + log 2π)`.
 *
 * PyTorch's `Normal(mean, std).log_prob(x)`.
 *
 * @param distribution Default: the standard normal distribution.
 * @returns the shape of `x`
 * @throws {StructError} For what is not a tensor, or not a distribution.
 * @throws {ShapeError} If the shapes differ.
 */
export function gaussianLogProb(x: Tensor, distribution?: Gaussian): Tensor {
  checkTensor("gaussianLogProb", "x", x);
  if (distribution !== undefined) {
    checkRecord("gaussianLogProb", "distribution", distribution, ["mean", "logVariance"]);
    checkShape("gaussianLogProb", "mean", distribution.mean, x.shape);
    checkShape("gaussianLogProb", "logVariance", distribution.logVariance, x.shape);
  }
  return tidy(() => {
    const { mean, logVariance } = distribution ?? { mean: zerosLike(x), logVariance: zerosLike(x) };
    const apart = mul(square(sub(x, mean)), exp(neg(logVariance)));
    return mul(-0.5, add(add(apart, logVariance), Math.log(2 * Math.PI)));
  });
}
