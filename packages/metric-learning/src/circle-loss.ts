import { checkFinite, checkPositive, detach, softplus } from "@pellucid/core-train";
import {
  add,
  any,
  cast,
  greater,
  logicalAnd,
  mul,
  relu,
  sub,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { cosine } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import { minedPairs, type PairLossOptions } from "./pair-loss-options.ts";
import { meanNonZero } from "./reducers.ts";

/** Options for {@link circleLoss}. The default reducer is {@link meanNonZero}. */
export interface CircleLossOptions extends Omit<PairLossOptions, "distance"> {
  /** How much the boundary is relaxed. Default: 0.4. */
  readonly m?: number;
  /** The scale. Default: 80. */
  readonly gamma?: number;
}

/**
 * Similarities weighted by how far each is from its optimum: `softplus(log Σ_n exp(γ α_n (s_n − m)) + log Σ_p exp(−γ α_p (s_p − 1 + m)))` of each anchor, with
 * `α_p = max(0, 1 + m − s_p)` and `α_n = max(0, s_n + m)`, which carry no gradient.
 *
 * Sun et al., 2020, eqs. 4–8. https://arxiv.org/abs/2002.10857
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 where no anchor has both a positive and a negative
 */
export function circleLoss(embeddings: Tensor, labels: Tensor, options: CircleLossOptions = {}): Tensor {
  const { m = 0.4, gamma = 80, miner, reducer = meanNonZero } = options;
  checkFinite("circleLoss", { m });
  checkPositive("circleLoss", { gamma });
  return tidy(() => {
    const {
      distances: s,
      positive,
      negative,
    } = minedPairs("circleLoss", embeddings, labels, cosine(), miner);
    const fixed = detach(s); //                                                        [batch, batch]
    const pull = mul(mul(-gamma, relu(sub(1 + m, fixed))), sub(s, 1 - m)); //         [batch, batch]
    const push = mul(mul(gamma, relu(add(fixed, m))), sub(s, m)); //                  [batch, batch]
    const sums = add(maskedLogSumExp(pull, positive), maskedLogSumExp(push, negative));
    const hasPair = logicalAnd(any(greater(positive, 0), 1, true), any(greater(negative, 0), 1, true));
    return reducer(softplus(sums), cast(hasPair, "float32"));
  });
}
