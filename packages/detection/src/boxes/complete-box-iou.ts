import { noGrad } from "@pellucid/core-train";
import { add, atan, div, mul, square, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "./boxes.ts";
import { distancePenalty } from "./distance-box-iou.ts";
import { clampedHull, type Edges, overlap, sidesOf } from "./overlap.ts";
import { ofPairs } from "./of-pairs.ts";

/**
 * CIoU of each pair of boxes, torchvision's `complete_box_iou`: {@link distanceBoxIou} `− α v`, with `v` the squared difference of `arctan(width / height)`
 * times `4 / π²` and `α = v / (1 − IoU + v + eps)`, through which no gradient flows. Differentiable.
 * Zheng et al., 2020, eq. 10. https://arxiv.org/abs/1911.08287
 *
 * @param boxes1 `[n, 4]`
 * @param boxes2 `[m, 4]`
 * @param eps torchvision's default 1e-7
 * @returns `[n, m]`
 */
export function completeBoxIou<U extends BoxUnit>(
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
  eps = 1e-7,
): Tensor2D {
  return ofPairs("completeBoxIou", boxes1, boxes2, (a, b) => {
    const { intersection, union } = overlap(a, b); // [n, m]
    const iou = div<Tensor2D>(intersection, union);
    return sub(sub(iou, distancePenalty(a, b, clampedHull(a, b), eps)), aspectPenalty(a, b, iou, eps));
  });
}

/** `α v`. To be called in a `tidy`. */
export function aspectPenalty(a: Edges, b: Edges, iou: Tensor2D, eps: number): Tensor2D {
  const v = mul(square(sub(angleOf(a), angleOf(b))), 4 / Math.PI ** 2);
  const alpha = noGrad(() => div(v, add(add(sub(1, iou), v), eps)));
  return mul(alpha, v);
}

function angleOf(edges: Edges): Tensor2D {
  const [width, height] = sidesOf(edges);
  return atan(div(width, height));
}
