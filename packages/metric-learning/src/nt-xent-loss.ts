import { checkPositive, softplus } from "@pellucid/core-train";
import { div, mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { cosine } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import { hasBoth, minedPairs, type PairLossOptions } from "./pair-loss-options.ts";
import { meanOfAll } from "./reducers.ts";

/** Options for {@link ntXentLoss}. The default distance is {@link cosine}, the default reducer {@link meanOfAll}. */
export interface NtXentLossOptions extends PairLossOptions {
  /** What similarities are divided by. Default: 0.07. */
  readonly temperature?: number;
}

/**
 * Each positive pair against the negatives of its anchor: `−log(exp(s_p / τ) / (exp(s_p / τ) + Σ_n exp(s_n / τ)))`, also known as InfoNCE. The other positives of the anchor are not in the denominator; in
 * {@link supConLoss} they are.
 *
 * Chen et al., 2020, eq. 1. https://arxiv.org/abs/2002.05709
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32; of two views of an example, the same
 * @returns one number, 0 without positive or without negative pairs
 */
export function ntXentLoss(embeddings: Tensor, labels: Tensor, options: NtXentLossOptions = {}): Tensor {
  const { temperature = 0.07, distance = cosine(), miner, reducer = meanOfAll } = options;
  checkPositive("ntXentLoss", { temperature });
  return tidy(() => {
    const pairs = minedPairs("ntXentLoss", embeddings, labels, distance, miner);
    const scaled = div(pairs.distances, distance.isSimilarity ? temperature : -temperature); // [batch, batch]
    const push = maskedLogSumExp(scaled, pairs.negative); //                                   [batch, 1]
    return mul(reducer(softplus(sub(push, scaled)), pairs.positive), hasBoth(pairs));
  });
}
