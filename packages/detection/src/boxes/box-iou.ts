import { div, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "./boxes.ts";
import { overlap } from "./overlap.ts";
import { ofPairs } from "./of-pairs.ts";

/**
 * The intersection over union of each pair of boxes, torchvision's `box_iou`: 1 for equal boxes, 0 for boxes that are apart, and NaN, as there, for
 * two without any area. Differentiable.
 *
 * @param boxes1 `[n, 4]`
 * @param boxes2 `[m, 4]`, of the same unit
 * @returns `[n, m]`
 */
export function boxIou<U extends BoxUnit>(
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
): Tensor2D {
  return ofPairs("boxIou", boxes1, boxes2, (a, b) => {
    const { intersection, union } = overlap(a, b); // [n, m]
    return div(intersection, union);
  });
}
