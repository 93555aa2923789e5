import { checkShape, logSoftmax, softmax } from "@pellucid/core-train";
import {
  equal,
  log,
  mean,
  mul,
  neg,
  relu,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
} from "@tensorflow/tfjs-core";

/** What several predictions of the same examples say. */
export interface PredictiveUncertainty {
  /** The mean of the probabilities, `[batch, class]`. */
  readonly probabilities: Tensor2D;
  /** The entropy of the mean: all uncertainty, `[batch]`, in nats. */
  readonly predictiveEntropy: Tensor1D;
  /** The mean of the entropies: what more data would not remove, `[batch]`. */
  readonly expectedEntropy: Tensor1D;
  /** Their difference, the mutual information of label and weights: what more data would remove, `[batch]`, never negative. */
  readonly mutualInformation: Tensor1D;
}

/**
 * Splits the uncertainty of sampled predictions: `H(mean p) = mean H(p) + I`. Probabilities are averaged, not logits; `0 log 0` is 0, so saturated logits are fine.
 *
 * Houlsby et al., 2011. https://arxiv.org/abs/1112.5745 Depeweg et al., 2018. https://arxiv.org/abs/1710.07283
 *
 * @param logits `[sample, batch, class]`
 */
export function predictiveUncertainty(logits: Tensor3D): PredictiveUncertainty {
  checkShape("predictiveUncertainty", "logits", logits, ["sample", "batch", "class"]);
  return tidy(() => {
    const each = softmax(logits); //                                               [sample, batch, class]
    const probabilities = mean<Tensor2D>(each, 0); //                              [batch, class]
    const predictiveEntropy = entropyOf<Tensor1D>(probabilities, log(probabilities));
    const expectedEntropy = mean<Tensor1D>(entropyOf(each, logSoftmax(logits)), 0);
    const mutualInformation = relu(sub<Tensor1D>(predictiveEntropy, expectedEntropy));
    return { probabilities, predictiveEntropy, expectedEntropy, mutualInformation };
  });
}

/** `−Σ p log p` over the last axis. */
function entropyOf<Y extends Tensor>(probabilities: Tensor, logs: Tensor): Y {
  return neg(sum(where(equal(probabilities, 0), 0, mul(probabilities, logs)), -1)) as Y;
}
