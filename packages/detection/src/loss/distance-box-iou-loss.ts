import { add, div, sub, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { distancePenalty } from "../boxes/distance-box-iou.ts";
import { hull } from "../boxes/overlap.ts";
import { boxIouLoss, type BoxIouLossOptions } from "./box-iou-loss.ts";
import { overlapWithTarget } from "./overlap-with-target.ts";

/**
 * `1 − DIoU` of each box with its target, torchvision's `distance_box_iou_loss`.
 * Zheng et al., 2020. https://arxiv.org/abs/1911.08287
 *
 * @param boxes1 `[box, 4]`
 * @param boxes2 `[box, 4]`
 * @returns `[box]`, or one number
 */
export function distanceBoxIouLoss<U extends BoxUnit>(
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
  options: BoxIouLossOptions = {},
): Tensor {
  return boxIouLoss("distanceBoxIouLoss", boxes1, boxes2, options, (a, b, eps) => {
    const { intersection, union } = overlapWithTarget(a, b);
    const iou = div<Tensor2D>(intersection, add(union, eps));
    return add(sub(1, iou), distancePenalty(a, b, hull(a, b), eps));
  });
}
