import { checkPositive, maximum } from "@pellucid/core-train";
import { add, cast, div, greater, mul, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { cosine } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import type { NtXentLossOptions } from "./nt-xent-loss.ts";
import { hasBoth, minedPairs } from "./pair-loss-options.ts";
import { meanNonZero } from "./reducers.ts";

/** Options for {@link supConLoss}. The default temperature is 0.1, the default reducer {@link meanNonZero}. */
export type SupConLossOptions = NtXentLossOptions;

/**
 * The mean over the positives of each anchor of `−log(exp(s_p / τ) / Σ exp(s / τ))`, where the sum is over all others, positives too.
 *
 * Khosla et al., 2020, eq. 2. https://arxiv.org/abs/2004.11362
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without positive or without negative pairs
 */
export function supConLoss(embeddings: Tensor, labels: Tensor, options: SupConLossOptions = {}): Tensor {
  const { temperature = 0.1, distance = cosine(), miner, reducer = meanNonZero } = options;
  checkPositive("supConLoss", { temperature });
  return tidy(() => {
    const pairs = minedPairs("supConLoss", embeddings, labels, distance, miner);
    const { positive, negative } = pairs;
    const scaled = div(pairs.distances, distance.isSimilarity ? temperature : -temperature); // [batch, batch]
    const others = maskedLogSumExp(scaled, add(positive, negative)); //                        [batch, 1]
    const count = sum(positive, 1, true); //                                                   [batch, 1]
    const total = sum(mul(positive, sub(others, scaled)), 1, true); //                         [batch, 1]
    const losses = div(total, maximum(count, 1));
    return mul(reducer(losses, cast(greater(count, 0), "float32")), hasBoth(pairs));
  });
}
