import {
  add,
  expandDims,
  gather,
  mul,
  type Rank,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { oneHotOrZeros } from "../op/one-hot-or-zeros.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { checkLabels } from "../check-labels.ts";
import type { MarginLossOptions } from "./hinge-embedding-loss.ts";
import { pick } from "./pick.ts";
import { reduceLosses } from "../reduce-losses.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

export interface MultiMarginLossOptions extends MarginLossOptions {
  /** The power of the hinge: 1 or 2. Default: 1. */
  readonly p?: 1 | 2;
  /** How much each class counts as a label, `[class]`. Default: all 1. */
  readonly weight?: Tensor1D;
}

/**
 * The hinge loss of several classes, PyTorch's `multi_margin_loss`: `w_y Σ_{c ≠ y} max(0, margin − x_y + x_c)^p / C`. The margin is
 * 1 by default.
 *
 * @param input `[batch, class]` scores, or `[class]`
 * @param target `[batch]` int32 labels, or one
 * @returns one number; `[batch]` unreduced
 * @throws LabelError for a label outside the classes
 */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  checkOptions("multiMarginLoss", options, ["p", "weight", "margin", "reduction"]);
  const { margin = 1, p = 1, weight, reduction } = options;
  checkFinite("multiMarginLoss", { margin });
  checkTensor("multiMarginLoss", "input", input);
  checkShape("multiMarginLoss", "input", input, input.rank === 1 ? ["class"] : ["batch", "class"]);
  checkShape("multiMarginLoss", "target", target, input.shape.slice(0, -1));
  const classes = input.shape.at(-1) ?? 0;
  if (weight !== undefined) checkShape("multiMarginLoss", "weight", weight, [classes]);
  if (p !== 1 && p !== 2) throw new OptionError("multiMarginLoss", "p", p, "1 or 2");
  checkLabels("multiMarginLoss", target, classes);
  return tidy(() => {
    const x = reshape<Rank.R2>(input, [target.size, classes]); //                    [row, class]
    const label = reshape<Rank.R1>(target, [target.size]); //                        [row]
    const short = relu(add(sub(x, expandDims(pick({ x, label }, {}), 1)), margin)); //  [row, class]
    const isOther = sub(1, oneHotOrZeros(label, classes)); //                               [row, class]
    const others = mul(isOther, p === 2 ? square(short) : short); //                 [row, class]
    const losses = mul(sum(others, 1), 1 / classes); //                              [row]
    const weighted = weight === undefined ? losses : mul(losses, gather(weight, label));
    return reduceLosses("multiMarginLoss", reshape(weighted, target.shape), reduction);
  });
}
