import { add, div, mul, square, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "./boxes.ts";
import { clampedHull, type Edges, overlap } from "./overlap.ts";
import { ofPairs } from "./of-pairs.ts";

/**
 * DIoU of each pair of boxes, torchvision's `distance_box_iou`: `IoU − ρ² / (c² + eps)`, with `ρ` the distance of the centers and `c` the diagonal of the
 * smallest box around both. Differentiable.
 * Zheng et al., 2020, eq. 7. https://arxiv.org/abs/1911.08287
 *
 * @param boxes1 `[n, 4]`
 * @param boxes2 `[m, 4]`
 * @param eps torchvision's default 1e-7
 * @returns `[n, m]`
 */
export function distanceBoxIou<U extends BoxUnit>(
  boxes1: Boxes<"xyxy", U>,
  boxes2: Boxes<"xyxy", NoInfer<U>>,
  eps = 1e-7,
): Tensor2D {
  return ofPairs("distanceBoxIou", boxes1, boxes2, (a, b) => {
    const { intersection, union } = overlap(a, b); // [n, m]
    return sub(div(intersection, union), distancePenalty(a, b, clampedHull(a, b), eps));
  });
}

/** `ρ² / (c² + eps)`. To be called in a `tidy`. */
export function distancePenalty(
  a: Edges,
  b: Edges,
  around: readonly [width: Tensor2D, height: Tensor2D],
  eps: number,
): Tensor2D {
  const diagonal = add(sumOfSquares(around), eps);
  const [ax, ay] = centerOf(a);
  const [bx, by] = centerOf(b);
  return div(sumOfSquares([sub(ax, bx), sub(ay, by)]), diagonal);
}

function centerOf([x1, y1, x2, y2]: Edges): [Tensor2D, Tensor2D] {
  return [mul(add(x1, x2), 0.5), mul(add(y1, y2), 0.5)];
}

function sumOfSquares([x, y]: readonly [Tensor2D, Tensor2D]): Tensor2D {
  return add(square(x), square(y));
}
