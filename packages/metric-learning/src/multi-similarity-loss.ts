import { checkPositive } from "@pellucid/core-train";
import { add, div, mul, ones, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { cosine } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import { minedPairs, type PairLossOptions } from "./pair-loss-options.ts";
import { meanOfAll } from "./reducers.ts";

/** Options for {@link multiSimilarityLoss}. The default distance is {@link cosine}, the default reducer {@link meanOfAll}. */
export interface MultiSimilarityLossOptions extends PairLossOptions {
  /** How much harder positives count more. Default: 2. */
  readonly alpha?: number;
  /** How much harder negatives count more. Default: 50. */
  readonly beta?: number;
  /** The similarity that divides them. Default: 0.5. */
  readonly base?: number;
}

/**
 * `log(1 + Σ_p exp(−α (s − base))) / α + log(1 + Σ_n exp(β (s − base))) / β` of each anchor. Wang et al., 2019, eq. 15. https://arxiv.org/abs/1904.06627
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number
 */
export function multiSimilarityLoss(
  embeddings: Tensor,
  labels: Tensor,
  options: MultiSimilarityLossOptions = {},
): Tensor {
  const { alpha = 2, beta = 50, base = 0.5, distance = cosine(), miner, reducer = meanOfAll } = options;
  checkPositive("multiSimilarityLoss", { alpha, beta });
  return tidy(() => {
    const { distances, positive, negative } = minedPairs(
      "multiSimilarityLoss",
      embeddings,
      labels,
      distance,
      miner,
    );
    const sign = distance.isSimilarity ? 1 : -1;
    const far = mul(sign, sub(base, distances)); //                                     [batch, batch]
    const pull = div(maskedLogSumExp(mul(alpha, far), positive, 1, true), alpha); //    [batch, 1]
    const push = div(maskedLogSumExp(mul(-beta, far), negative, 1, true), beta); //     [batch, 1]
    return reducer(add(pull, push), ones([labels.shape[0], 1]));
  });
}
