import { checkNotNegative, checkOptions, checkSizes } from "@pellucid/core-train";
import { add, mul, type Scalar, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link elboLoss}. */
export interface ElboLossOptions {
  /** Examples in the training data. */
  readonly datasetSize: number;
  /** The weight of the divergence: 1 is Bayes' rule, less a colder posterior. Default: 1. */
  readonly beta?: number;
}

/**
 * The negative evidence lower bound of an example: `mean NLL + β · KL / N`, for a mean over any batch, also a smaller last one. Times `N` it is that of the data, `N · mean NLL + β · KL`.
 * The sum of the NLL goes with `KL / batches` instead; to mix the two weakens or overpowers the data.
 *
 * Blundell et al., 2015, equation 8. https://arxiv.org/abs/1505.05424
 *
 * @param meanNll the mean negative log likelihood of the batch, such as cross-entropy
 * @param kl of all weights, {@link klOf}
 */
export function elboLoss(meanNll: Tensor, kl: Tensor, options: ElboLossOptions): Scalar {
  checkOptions("elboLoss", options, ["datasetSize", "beta"]);
  const { datasetSize, beta = 1 } = options;
  checkSizes("elboLoss", { datasetSize });
  checkNotNegative("elboLoss", { beta });
  return tidy(() => add<Scalar>(meanNll, mul(kl, beta / datasetSize)));
}

/**
 * Weights of the divergence for the batches of an epoch, whose sum is 1: `2^(M − i) / (2^M − 1)` for batch `i` from 1. At first the prior counts most, then the data.
 * Blundell et al., 2015, section 3.4.
 */
export function blundellWeights(batches: number): Float64Array {
  checkSizes("blundellWeights", { batches });
  return Float64Array.from({ length: batches }, (_, i) => 2 ** -(i + 1) / (1 - 2 ** -batches));
}
