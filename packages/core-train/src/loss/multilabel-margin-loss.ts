import {
  any,
  cast,
  equal,
  expandDims,
  less,
  logicalAnd,
  logicalNot,
  mul,
  range,
  relu,
  reshape,
  type Rank,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { checkLabels } from "../check-labels.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { cumsum } from "../op/cumsum.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/**
 * The hinge loss of several classes of which several may be right, PyTorch's `multilabel_margin_loss`:
 * `Σ_{y, c} max(0, 1 − x_y + x_c) / C` over all labels `y` and all classes `c` that are none.
 *
 * @param input `[batch, class]` scores, or `[class]`
 * @param target `[batch, class]` int32: the labels of each row, then −1 if there are fewer than classes
 * @returns one number; `[batch]` unreduced
 * @throws LabelError for a label outside the classes
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("multilabelMarginLoss", options, ["reduction"]);
  checkTensor("multilabelMarginLoss", "input", input);
  checkShape("multilabelMarginLoss", "input", input, input.rank === 1 ? ["class"] : ["batch", "class"]);
  checkSameShape("multilabelMarginLoss", { input, target });
  const classes = input.shape.at(-1) ?? 0;
  checkLabels("multilabelMarginLoss", target, classes, -1);
  return tidy(() => {
    const rows = input.size / Math.max(classes, 1);
    if (rows === 0) return reduceLosses("multilabelMarginLoss", reshape(input, [rows]), options.reduction);
    const x = reshape<Rank.R2>(input, [rows, classes]); //                                     [row, class]
    const labels = reshape<Rank.R2>(target, [rows, classes]); //                               [row, label]
    const ended = cumsum(cast(less(labels, 0), "int32"), 1); //                                [row, label]
    const isRight = logicalAnd(
      equal(expandDims(labels, 2), range(0, classes, 1, "int32")),
      expandDims(equal(ended, 0), 2),
    ); //                                                                                      [row, label, class]
    const isWrong = logicalNot(any(isRight, 1, true)); //                                      [row, 1, class]
    const ofLabel = sum(where(isRight, expandDims(x, 1), 0), 2, true); //                      [row, label, 1]
    const short = relu(sub(1, sub(ofLabel, expandDims(x, 1)))); //                             [row, label, class]
    const counted = logicalAnd(isWrong, any(isRight, 2, true)); //                             [row, label, class]
    const losses = mul(sum(where(counted, short, 0), [1, 2]), 1 / classes); //                 [row]
    return reduceLosses("multilabelMarginLoss", reshape(losses, input.shape.slice(0, -1)), options.reduction);
  });
}
