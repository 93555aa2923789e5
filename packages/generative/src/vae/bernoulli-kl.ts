import { checkShape, checkTensor, sigmoid, softplus } from "@pellucid/core-train";
import { add, mul, sub, type Tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";

/**
 * The Kullback–Leibler divergence from one Bernoulli distribution to another, of each number: `p (a − b) + softplus(b) − softplus(a)` with
 * logits `a`, `b` and `p = σ(a)`. PyTorch's `kl_divergence` of two `Bernoulli`.
 *
 * @param prior logits of the same shape. Default: 0, a probability of one half.
 * @returns the shape of the logits
 * @throws {StructError} For what is not a tensor.
 * @throws {ShapeError} If the shapes differ.
 */
export function bernoulliKl(logits: Tensor, prior?: Tensor): Tensor {
  checkTensor("bernoulliKl", "logits", logits);
  if (prior !== undefined) checkShape("bernoulliKl", "prior", prior, logits.shape);
  return tidy(() => {
    const other = prior ?? zerosLike(logits);
    const apart = mul(sigmoid(logits), sub(logits, other));
    return add(apart, sub(softplus(other), softplus(logits)));
  });
}
