import { div, mul, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "./boxes.ts";
import { clampedHull, overlap } from "./overlap.ts";
import { ofPairs } from "./of-pairs.ts";

/**
 * GIoU of each pair of boxes, torchvision's `generalized_box_iou`: `IoU − (|C| − |A ∪ B|) / |C|`, with `C` the smallest box around both; from −1 to 1, and
 * NaN, as there, for two without any area. Differentiable, also where the boxes are apart.
 * Rezatofighi et al., 2019, algorithm 1. https://arxiv.org/abs/1902.09630
 *
 * @param boxes1 `[n, 4]`
 * @param boxes2 `[m, 4]`
 * @returns `[n, m]`
 */
export function generalizedBoxIou<U extends BoxUnit>(
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
): Tensor2D {
  return ofPairs("generalizedBoxIou", boxes1, boxes2, (a, b) => {
    const { intersection, union } = overlap(a, b); // [n, m]
    const [width, height] = clampedHull(a, b); // [n, m]
    const area = mul(width, height);
    return sub(div(intersection, union), div(sub(area, union), area));
  });
}
