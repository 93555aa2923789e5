import { add, relu, square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { euclidean } from "./distance.ts";
import { minedPairs, type PairLossOptions } from "./pair-loss-options.ts";
import { meanNonZero } from "./reducers.ts";

/** Options for {@link contrastiveLoss}. The default distance is {@link euclidean}, the default reducer {@link meanNonZero}. */
export interface ContrastiveLossOptions extends PairLossOptions {
  /** Positives nearer than this are near enough. Default: 0. */
  readonly posMargin?: number;
  /** Negatives farther than this are far enough. Default: 1. */
  readonly negMargin?: number;
  /** Whether both are squared, as in the paper. Default: false, pytorch-metric-learning's. */
  readonly squared?: boolean;
}

/**
 * Positives should be near and negatives at least a margin away: `max(0, d − posMargin)` of positive plus `max(0, negMargin − d)` of negative pairs, each reduced on its own. For a
 * similarity the other way round.
 *
 * Hadsell et al., 2006, eq. 4. Dimensionality reduction by learning an invariant mapping.
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without pairs
 */
export function contrastiveLoss(
  embeddings: Tensor,
  labels: Tensor,
  options: ContrastiveLossOptions = {},
): Tensor {
  const { distance = euclidean(), miner, reducer = meanNonZero, squared = false } = options;
  const { posMargin = distance.isSimilarity ? 1 : 0, negMargin = distance.isSimilarity ? 0 : 1 } = options;
  return tidy(() => {
    const { distances, positive, negative } = minedPairs(
      "contrastiveLoss",
      embeddings,
      labels,
      distance,
      miner,
    );
    const sign = distance.isSimilarity ? -1 : 1;
    const far = relu(distance.isSimilarity ? sub(posMargin, distances) : sub(distances, posMargin)); // [batch, batch]
    const near = relu(sign === 1 ? sub(negMargin, distances) : sub(distances, negMargin)); //           [batch, batch]
    const [f, n] = squared ? [square(far), square(near)] : [far, near];
    return add(reducer(f, positive), reducer(n, negative));
  });
}
