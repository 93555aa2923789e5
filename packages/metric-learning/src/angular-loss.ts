import { checkPositive, matMul, normalizeVectors } from "@pellucid/core-train";
import { add, expandDims, mul, squeeze, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import { allPairs, checkBatch } from "./pairs.ts";
import { hasBoth } from "./pair-loss-options.ts";
import { meanOfAll, type Reducer } from "./reducers.ts";

/** Options for {@link angularLoss}. */
export interface AngularLossOptions {
  /** The largest angle at a negative, in degrees. Default: 40. */
  readonly alpha?: number;
  /** Default: {@link meanOfAll}. */
  readonly reducer?: Reducer;
}

/**
 * The angle at which a negative sees a positive pair should be small: `log(1 + Σ_n exp(4 tan²α (a + p)ᵀ n − 2 (1 + tan²α) aᵀ p))` of each positive pair.
 *
 * Wang et al., 2017, eq. 8. https://arxiv.org/abs/1708.01682 Anchors and positives are normalized; negatives are not, as in pytorch-metric-learning.
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without positive or without negative pairs
 */
export function angularLoss(embeddings: Tensor, labels: Tensor, options: AngularLossOptions = {}): Tensor {
  const { alpha = 40, reducer = meanOfAll } = options;
  checkPositive("angularLoss", { alpha });
  checkBatch("angularLoss", embeddings, labels);
  const square = Math.tan((alpha * Math.PI) / 180) ** 2;
  return tidy(() => {
    const pairs = allPairs(labels);
    const unit = normalizeVectors(embeddings); //                                   [batch, feature]
    const toNegative = matMul(unit, embeddings, false, true); //                    [batch, negative]
    const both = add(expandDims(toNegative, 1), expandDims(toNegative, 0)); //      [anchor, positive, negative]
    const own = expandDims(matMul(unit, unit, false, true), 2); //                  [anchor, positive, 1]
    const form = sub(mul(4 * square, both), mul(2 * (1 + square), own));
    const mask = mul(expandDims(pairs.negative, 1), sub(1, mul(0, both))); //       [anchor, positive, negative]
    const losses = squeeze(maskedLogSumExp(form, mask, 2, true), [2]); //           [anchor, positive]
    return mul(reducer(losses, pairs.positive), hasBoth(pairs));
  });
}
