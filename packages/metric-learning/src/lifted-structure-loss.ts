import { checkFinite, softplus } from "@pellucid/core-train";
import { add, div, mul, ones, relu, square, sub, type Tensor, tidy, transpose } from "@tensorflow/tfjs-core";
import { euclidean } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import { hasBoth, minedPairs, type PairLossOptions } from "./pair-loss-options.ts";
import { meanOfAll } from "./reducers.ts";

/** Options for {@link liftedStructureLoss}. The default distance is {@link euclidean}, the default reducer {@link meanOfAll}. */
export interface LiftedStructureLossOptions extends PairLossOptions {
  /** Positives nearer than this are near enough. Default: 0. */
  readonly posMargin?: number;
  /** How far negatives should be. Default: 1. */
  readonly negMargin?: number;
}

/**
 * Each positive pair against all negatives of both of its examples: `max(0, log Σ_n exp(negMargin − d_n) + d_p − posMargin)² / 2`. Song et al., 2016, eq. 4. https://arxiv.org/abs/1511.06452
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without positive or without negative pairs
 */
export function liftedStructureLoss(
  embeddings: Tensor,
  labels: Tensor,
  options: LiftedStructureLossOptions = {},
): Tensor {
  const { posMargin = 0, negMargin = 1, distance = euclidean(), miner, reducer = meanOfAll } = options;
  checkFinite("liftedStructureLoss", { posMargin, negMargin });
  return tidy(() => {
    const pairs = minedPairs("liftedStructureLoss", embeddings, labels, distance, miner);
    const sign = distance.isSimilarity ? -1 : 1;
    const push = maskedLogSumExp(mul(sign, sub(negMargin, pairs.distances)), pairs.negative); // [batch, 1]
    const other = transpose(push); //                                                            [1, batch]
    const both = add(other, softplus(sub(push, other))); // log(exp a + exp b)                   [batch, batch]
    const pull = mul(sign, sub(pairs.distances, posMargin)); //                                  [batch, batch]
    const losses = div(square(relu(add(both, pull))), 2);
    return mul(reducer(losses, pairs.positive), hasBoth(pairs));
  });
}

/**
 * Each anchor against all of its positives and negatives: `max(0, log Σ_p exp(d_p − posMargin) + log Σ_n exp(negMargin − d_n))`. Hermans et al., 2017, eq. 8. https://arxiv.org/abs/1703.07737
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number
 */
export function generalizedLiftedStructureLoss(
  embeddings: Tensor,
  labels: Tensor,
  options: LiftedStructureLossOptions = {},
): Tensor {
  const { posMargin = 0, negMargin = 1, distance = euclidean(), miner, reducer = meanOfAll } = options;
  checkFinite("generalizedLiftedStructureLoss", { posMargin, negMargin });
  return tidy(() => {
    const caller = "generalizedLiftedStructureLoss";
    const { distances, positive, negative } = minedPairs(caller, embeddings, labels, distance, miner);
    const sign = distance.isSimilarity ? -1 : 1;
    const pull = maskedLogSumExp(mul(sign, sub(distances, posMargin)), positive); // [batch, 1]
    const push = maskedLogSumExp(mul(sign, sub(negMargin, distances)), negative); // [batch, 1]
    return reducer(relu(add(pull, push)), ones([labels.shape[0], 1]));
  });
}
