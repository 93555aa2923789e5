import { mean, mul, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { logitCrossEntropy } from "./binary-cross-entropy-with-logits.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** How much each class counts, `[class]`. Default: all 1. */
  readonly weight?: Tensor1D;
}

/**
 * The cross-entropy of several classes of which several may be right, PyTorch's `multilabel_soft_margin_loss`: the mean over the
 * classes of {@link binaryCrossEntropyWithLogits}.
 *
 * @param input `[…, class]` logits
 * @param target `[…, class]` ones and zeros, of the shape of the input
 * @returns one number; `[…]` unreduced
 */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  options: MultilabelSoftMarginLossOptions = {},
): Tensor {
  checkOptions("multilabelSoftMarginLoss", options, ["weight", "reduction"]);
  const { weight, reduction } = options;
  checkShape("multilabelSoftMarginLoss", "input", input, ["...", "class"]);
  checkSameShape("multilabelSoftMarginLoss", { input, target });
  if (weight !== undefined)
    checkShape("multilabelSoftMarginLoss", "weight", weight, [input.shape.at(-1) ?? 0]);
  return tidy(() => {
    const losses = logitCrossEntropy({ input, target }, {}); //                            […, class]
    const weighted = weight === undefined ? losses : mul(losses, weight); //               […, class]
    return reduceLosses("multilabelSoftMarginLoss", mean(weighted, -1), reduction);
  });
}
