import { add, div, mul, sub, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { hull } from "../boxes/overlap.ts";
import { boxIouLoss, type BoxIouLossOptions } from "./box-iou-loss.ts";
import { overlapWithTarget } from "./overlap-with-target.ts";

/**
 * `1 − GIoU` of each box with its target, torchvision's `generalized_box_iou_loss`, which adds `eps` to what it divides by.
 * Rezatofighi et al., 2019. https://arxiv.org/abs/1902.09630
 *
 * @param boxes1 `[box, 4]`
 * @param boxes2 `[box, 4]`
 * @returns `[box]`, or one number
 */
export function generalizedBoxIouLoss<U extends BoxUnit>(
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
  options: BoxIouLossOptions = {},
): Tensor {
  return boxIouLoss("generalizedBoxIouLoss", boxes1, boxes2, options, (a, b, eps) => {
    const { intersection, union } = overlapWithTarget(a, b);
    const [width, height] = hull(a, b);
    const area = mul(width, height);
    const iou = div<Tensor2D>(intersection, add(union, eps));
    return add(sub(1, iou), div(sub(area, union), add(area, eps)));
  });
}
