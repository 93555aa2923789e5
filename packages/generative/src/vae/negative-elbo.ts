import {
  binaryCrossEntropyWithLogits,
  checkNotNegative,
  checkOptions,
  checkRecord,
  checkShape,
  checkTensor,
  type Gaussian,
  gaussianKl,
  tidyLeaves,
  sizeAlong,
} from "@pellucid/core-train";
import { add, div, mul, type Scalar, sum, type Tensor } from "@tensorflow/tfjs-core";

/** Options for {@link negativeElbo}. */
export interface NegativeElboOptions {
  /** How much the divergence counts, β of a β-VAE. Default: 1, the bound itself. */
  readonly beta?: number;
}

/** The bound and its two terms, in nats per example. */
export interface ElboTerms {
  /** `reconstruction + β · divergence`, which training minimizes. */
  readonly loss: Scalar;
  /** How surprising the examples are, given their codes: `−E log p(x | z)`. */
  readonly reconstruction: Scalar;
  /** How many nats a code tells of its example: `KL(q(z | x) ‖ p(z))`. */
  readonly divergence: Scalar;
}

/**
 * The negative evidence lower bound of a variational autoencoder of pixels from 0 to 1: summed over pixels and over the numbers of a code, the
 * mean over the batch. At `beta` 1, `−loss ≤ log p(x)` on average.
 *
 * Kingma and Welling, 2013, eq. 10. https://arxiv.org/abs/1312.6114; β: Higgins et al., 2017. PyTorch's example sums over the batch,
 * which is `batch` times as much.
 *
 * @param logits `[batch, …]`
 * @param target `[batch, …]`, 0 to 1
 * @param posterior the distribution of each example's code
 * @throws {StructError} For what is not a tensor, or not a distribution.
 * @throws {ShapeError} If the shapes do not fit.
 */
export function negativeElbo(
  logits: Tensor,
  target: Tensor,
  posterior: Gaussian,
  options: NegativeElboOptions = {},
): ElboTerms {
  checkOptions("negativeElbo", options, ["beta"]);
  const { beta = 1 } = options;
  checkNotNegative("negativeElbo", { beta });
  checkTensor("negativeElbo", "logits", logits);
  checkRecord("negativeElbo", "posterior", posterior, ["mean", "logVariance"]);
  checkTensor("negativeElbo", "posterior.mean", posterior.mean);
  checkShape("negativeElbo", "target", target, logits.shape);
  const batch = sizeAlong(logits, 0);
  checkShape("negativeElbo", "posterior.mean", posterior.mean, [batch, ...posterior.mean.shape.slice(1)]);
  return tidyLeaves(() => {
    const surprise = binaryCrossEntropyWithLogits(logits, target, { reduction: "sum" });
    const reconstruction = div(surprise, batch) as Scalar;
    const divergence = mul(sum(gaussianKl(posterior)), 1 / batch) as Scalar;
    return { loss: add(reconstruction, mul(beta, divergence)) as Scalar, reconstruction, divergence };
  });
}
