import {
  mul,
  neg,
  type Rank,
  reshape,
  type Tensor,
  type Tensor1D,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { checkLabels } from "../check-labels.ts";
import { isCounted } from "./is-counted.ts";
import { meanOverLabels } from "./mean-over-labels.ts";
import { pick } from "./pick.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { weightsOfLabels } from "./weights-of-labels.ts";
import { checkOptions } from "../check-options.ts";
import { checkIntegers } from "../check-values.ts";

export interface NllLossOptions extends LossOptions {
  /** How much each class counts, `[class]`. The mean is then the weighted one. Default: all 1. */
  readonly weight?: Tensor1D;
  /** The label of rows that do not count. Default: -100. */
  readonly ignoreIndex?: number;
}

/**
 * The negative log-likelihood of labels, PyTorch's `nll_loss`: `−w_y x_y`. The mean is divided by the weights of those that
 * count: NaN if none does.
 *
 * Classes are the last axis; PyTorch has them second.
 *
 * @param input `[batch, …, class]` log-probabilities, or `[class]`
 * @param target `[batch, …]` int32 labels
 * @returns one number; `[batch, …]` unreduced
 * @throws LabelError for a label outside the classes
 */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  checkOptions("nllLoss", options, ["weight", "ignoreIndex", "reduction"]);
  const { weight, ignoreIndex = -100, reduction } = options;
  checkIntegers("nllLoss", { ignoreIndex });
  checkShape("nllLoss", "input", input, ["...", "class"]);
  checkShape("nllLoss", "target", target, input.shape.slice(0, -1));
  const classes = input.shape.at(-1) ?? 0;
  if (weight !== undefined) checkShape("nllLoss", "weight", weight, [classes]);
  checkLabels("nllLoss", target, classes, ignoreIndex);
  const loss = tidy(() => {
    const x = reshape<Rank.R2>(input, [target.size, classes]); //                   [row, class]
    const label = reshape<Rank.R1>(target, [target.size]); //                       [row]
    const weights = weightsOfLabels(label, ignoreIndex, weight); //                 [row]
    const picked = pick({ x, label }, {}); //                                       [row]
    const losses = where(isCounted(label, ignoreIndex), neg(mul(weights, picked)), zerosLike(weights)); // [row]
    return reduceLosses("nllLoss", reshape(losses, target.shape), reduction, weights);
  });
  return meanOverLabels(loss, target, options);
}
