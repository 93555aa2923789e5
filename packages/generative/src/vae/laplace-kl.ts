import { abs, checkArguments, checkShape, checkTensor } from "@pellucid/core-train";
import { add, div, exp, mul, neg, sub, type Tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";

/** A Laplace distribution of each number. */
export interface Laplace {
  readonly mean: Tensor;
  /** The logarithm of the scale, of the shape of the mean. */
  readonly logScale: Tensor;
}

/**
 * The Kullback–Leibler divergence from one Laplace distribution to another, of each number:
 * `log b₂ / b₁ + (b₁ exp(−|μ₁ − μ₂| / b₁) + |μ₁ − μ₂|) / b₂ − 1`. PyTorch's `kl_divergence` of two `Laplace`.
 *
 * @param prior Default: mean 0 and scale 1.
 * @returns the shape of the mean
 * @throws {StructError} For what is not a record of tensors.
 * @throws {ShapeError} If their shapes differ.
 */
export function laplaceKl(posterior: Laplace, prior?: Laplace): Tensor {
  checkArguments("laplaceKl", { "{ mean, logScale }": { posterior }, "{ mean, logScale }?": { prior } });
  const { mean, logScale } = posterior;
  checkTensor("laplaceKl", "mean", mean);
  checkShape("laplaceKl", "logScale", logScale, mean.shape);
  if (prior !== undefined) {
    checkShape("laplaceKl", "prior.mean", prior.mean, mean.shape);
    checkShape("laplaceKl", "prior.logScale", prior.logScale, mean.shape);
  }
  return tidy(() => {
    const other = prior ?? { mean: zerosLike(mean), logScale: zerosLike(mean) };
    const apart = abs(sub(mean, other.mean));
    const near = mul(exp(logScale), exp(neg(div(apart, exp(logScale)))));
    const wider = sub(other.logScale, logScale); //                              log b₂ / b₁
    return sub(add(wider, mul(add(near, apart), exp(neg(other.logScale)))), 1);
  });
}
