import {
  checkLabels,
  checkOptions,
  checkShape,
  expm1,
  logSoftmax,
  maximum,
  oneHot,
  OptionError,
  reduceLosses,
  type Reduction,
} from "@pellucid/core-train";
import {
  cast,
  gather,
  mul,
  neg,
  notEqual,
  pow,
  type Rank,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for {@link focalCrossEntropy}. */
export interface FocalCrossEntropyOptions {
  /** How much less a pixel counts that is already right; 0 for cross-entropy. Default: 2. */
  readonly gamma?: number;
  /** How much each class counts, `[class]`: the paper's `α`. Default: all 1. */
  readonly weight?: Tensor1D;
  /** The label of pixels that do not count. Default: 255, PASCAL VOC's border; the core's `crossEntropy` has PyTorch's -100. */
  readonly ignoreIndex?: number;
  /** How the losses become one; the mean is over the pixels that count, unweighted. Default: `"mean"`. */
  readonly reduction?: Reduction;
}

/**
 * The focal loss for classes that exclude each other: `−α_t (1 − p_t)^γ log p_t` with the softmax probability `p_t` of the right class. The core's
 * `focalLoss` is that of independent classes.
 *
 * Lin et al., 2017, eq. 5. https://arxiv.org/abs/1708.02002
 *
 * @param input logits `[batch, …, class]`
 * @param target `[batch, …]` int32 labels
 * @returns one number, 0 if all pixels are ignored; `[batch, …]` unreduced
 * @throws {LabelError} for a label that is neither a class nor the ignored one
 */
export function focalCrossEntropy(
  input: Tensor,
  target: Tensor,
  options: FocalCrossEntropyOptions = {},
): Tensor {
  const caller = "focalCrossEntropy";
  checkOptions(caller, options, ["gamma", "weight", "ignoreIndex", "reduction"]);
  const { gamma = 2, weight, reduction = "mean" } = options;
  checkShape(caller, "input", input, ["...", "class"]);
  const classes = input.shape.at(-1) ?? 0;
  const ignoreIndex = ignoredLabel(caller, classes, options.ignoreIndex);
  checkShape(caller, "target", target, input.shape.slice(0, -1), "Labels are int32 without the class axis.");
  if (!(gamma >= 0 && gamma < Infinity))
    throw new OptionError(caller, "gamma", gamma, "a number of 0 or more");
  if (weight !== undefined) checkShape(caller, "weight", weight, [classes]);
  checkLabels(caller, target, classes, ignoreIndex);
  return tidy(() => {
    const labels = reshape<Rank.R1>(target, [target.size]); //                                  [row]
    const counted = cast(notEqual(labels, ignoreIndex), "float32"); //                          [row]
    const clean = mul(labels, cast(notEqual(labels, ignoreIndex), "int32")) as Tensor1D; //     [row]
    const logs = logSoftmax(reshape<Rank.R2>(input, [target.size, classes])); //                [row, class]
    const right = sum(mul(logs, oneHot(clean, classes)), 1); //                                 [row]
    const wrong = maximum(neg(expm1(right)), 0); // 1 − p_t                                     [row]
    let losses = mul(neg(right), counted); //                                                   [row]
    if (gamma !== 0) losses = mul(losses, pow(wrong, gamma));
    if (weight !== undefined) losses = mul(losses, gather(weight, clean));
    return reduceLosses(caller, reshape(losses, target.shape), reduction, maximum(sum(counted), 1));
  });
}
