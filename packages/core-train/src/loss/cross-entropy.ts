import {
  add,
  mul,
  neg,
  type Rank,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { logSoftmax } from "../op/log-softmax.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { checkLabels } from "../check-labels.ts";
import { isCounted } from "./is-counted.ts";
import { labelCrossEntropy } from "./label-cross-entropy.ts";
import { meanOverLabels } from "./mean-over-labels.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { weightsOfLabels } from "./weights-of-labels.ts";
import { checkOptions } from "../check-options.ts";
import { checkIntegers } from "../check-values.ts";

export interface CrossEntropyOptions extends LossOptions {
  /** How much each class counts, `[class]`. The mean is then the weighted one. Default: all 1. */
  readonly weight?: Tensor1D;
  /** The label of rows that do not count. Default: -100. */
  readonly ignoreIndex?: number;
  /** The part of each target that is spread evenly over all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number;
}

/**
 * The cross-entropy of logits with labels or with class probabilities, PyTorch's `cross_entropy`.
 *
 * `-Σ_c w_c t_c log softmax(x)_c`; for a label, `t` is 1 at its class. The mean over labels is divided by the weights of
 * those that count: NaN if none does.
 *
 * Classes are the last axis; PyTorch has them second.
 *
 * @param input `[batch, …, class]` logits, or `[class]`
 * @param target `[batch, …]` int32 labels, or float32 probabilities of the shape of the input
 * @returns one number; `[batch, …]` unreduced
 * @throws LabelError for a label outside the classes
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkOptions("crossEntropy", options, ["weight", "ignoreIndex", "labelSmoothing", "reduction"]);
  checkIntegers("crossEntropy", { ignoreIndex: options.ignoreIndex ?? 0 });
  const { weight, labelSmoothing = 0 } = options;
  checkShape("crossEntropy", "input", input, ["...", "class"]);
  const classes = input.shape.at(-1) ?? 0;
  if (weight !== undefined) checkShape("crossEntropy", "weight", weight, [classes]);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new OptionError("crossEntropy", "labelSmoothing", labelSmoothing, "0 to 1");
  }
  const hasLabels = target.rank !== input.rank;
  checkShape("crossEntropy", "target", target, hasLabels ? input.shape.slice(0, -1) : input.shape, advice);
  const loss = tidy(() => (hasLabels ? ofLabels : ofProbabilities)(input, target, options));
  return hasLabels ? meanOverLabels(loss, target, options) : loss;
}

const advice = "Labels are int32 without the class axis, probabilities have the shape of the input.";

function ofLabels(input: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction } = options;
  const classes = input.shape.at(-1) ?? 0;
  checkLabels("crossEntropy", target, classes, ignoreIndex);
  const x = reshape<Rank.R2>(input, [target.size, classes]); //                              [row, class]
  const y = reshape<Rank.R1>(target, [target.size]); //                                      [row]
  const weights = weightsOfLabels(y, ignoreIndex, weight); //                                [row]
  let losses: Tensor;
  if (weight === undefined) {
    losses = labelCrossEntropy({ input: x, target: y }, { ignoreIndex, labelSmoothing }); // [row]
  } else {
    const hard = labelCrossEntropy({ input: x, target: y }, { ignoreIndex, labelSmoothing: 0 });
    losses = mul(weights, mul(1 - labelSmoothing, hard)); //                                 [row]
    if (labelSmoothing > 0) {
      const even = sum(mul(logSoftmax(x), mul(weight, -labelSmoothing / classes)), 1); //    [row]
      losses = add(losses, where(isCounted(y, ignoreIndex), even, zerosLike(even))); //                    [row]
    }
  }
  return reduceLosses("crossEntropy", reshape(losses, target.shape), reduction, weights);
}

function ofProbabilities(input: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight = 1, labelSmoothing = 0, reduction } = options;
  const classes = input.shape.at(-1) ?? 0;
  const wanted = add(mul(target, 1 - labelSmoothing), labelSmoothing / classes); //   [batch, …, class]
  const costs = mul(mul(wanted, logSoftmax(input)), weight); //                       [batch, …, class]
  const losses = neg(sum(costs, -1)); //                                              [batch, …]
  return reduceLosses("crossEntropy", losses, reduction);
}
