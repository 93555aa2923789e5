import { checkNotNegative, checkOptions } from "@pellucid/core-train";
import { add, div, mul, pow, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type OverlapOptions, overlapOptions, readOverlap, sumPixels } from "./overlap.ts";
import { reduceOverlap } from "./reduce-overlap.ts";

/** Options for {@link tverskyLoss}. */
export interface TverskyLossOptions extends OverlapOptions {
  /** How much a false positive counts. Default: 0.3. */
  readonly alpha?: number;
  /** How much a false negative counts: more than `alpha` if a miss is worse than a false alarm. Default: 0.7. */
  readonly beta?: number;
  /** An exponent of the loss of each class: above 1 for hard classes to count more (focal Tversky). Default: 1. */
  readonly gamma?: number;
}

/**
 * A Dice loss that weighs false positives and false negatives: `(1 − (TP + ε) / (TP + α FP + β FN + ε))^γ`. With `α = β = ½` it is Dice's, with
 * `α = β = 1` Jaccard's.
 *
 * Salehi et al., 2017, eqs. 3–4. https://arxiv.org/abs/1706.05721 Abraham and Khan, 2018. https://arxiv.org/abs/1810.07842
 *
 * @param input logits `[batch, …, class]`
 * @param target `[batch, …]` int32 labels, or masks of the shape of the input
 * @returns one number; unreduced `[batch, class]`, `[1, class]` over the batch
 * @throws {LabelError} for a label that is neither a class nor the ignored one
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes do not fit
 */
export function tverskyLoss(input: Tensor, target: Tensor, options: TverskyLossOptions = {}): Tensor {
  checkOptions("tverskyLoss", options, [...overlapOptions, "alpha", "beta", "gamma"]);
  const { alpha = 0.3, beta = 0.7, gamma = 1, eps = 1e-6 } = options;
  checkNotNegative("tverskyLoss", { alpha, beta, gamma });
  return tidy(() => {
    const { p, y } = readOverlap("tverskyLoss", input, target, options);
    const hits = sumPixels(mul(p, y)); //                                         [batch, class]
    const falsePositives = sub(sumPixels(p), hits);
    const falseNegatives = sub(sumPixels(y), hits);
    const all = add(hits, add(mul(alpha, falsePositives), mul(beta, falseNegatives)));
    const losses = sub(1, div(add(hits, eps), add(all, eps))); //                 [batch, class]
    return reduceOverlap("tverskyLoss", gamma === 1 ? losses : pow(losses, gamma), options);
  });
}
