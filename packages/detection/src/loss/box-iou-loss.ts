import {
  checkNotNegative,
  checkOptions,
  type LossOptions,
  reduceLosses,
  type Reduction,
} from "@pellucid/core-train";
import { reshape, type Tensor, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { checkBoxes } from "../boxes/check-boxes.ts";
import { type Edges, edgesOf } from "../boxes/overlap.ts";

/** Options for the losses of pairs of boxes. */
export interface BoxIouLossOptions extends Omit<LossOptions, "reduction"> {
  /** How the losses become one. Default: `"none"`. The mean of no boxes is 0, not NaN. */
  readonly reduction?: Reduction;
  /** Added to what is divided by. Default: 1e-7. */
  readonly eps?: number;
}

/** Checks a loss's input, and reduces the loss of each pair. */
export function boxIouLoss<U extends BoxUnit>(
  caller: string,
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
  options: BoxIouLossOptions,
  loss: (a: Edges, b: Edges, eps: number) => Tensor2D,
): Tensor {
  checkOptions(caller, options, ["reduction", "eps"]);
  const { reduction = "none", eps = 1e-7 } = options;
  checkNotNegative(caller, { eps });
  checkBoxes(caller, "boxes1", boxes1);
  checkBoxes(caller, "boxes2", boxes2, boxes1.shape[0]);
  return tidy(() => {
    const losses = reshape(loss(edgesOf(boxes1), edgesOf(boxes2), eps), [-1]) as Tensor1D; // [box]
    const isMeanOfNone = reduction === "mean" && losses.size === 0;
    return reduceLosses(caller, losses, isMeanOfNone ? "sum" : reduction);
  });
}
