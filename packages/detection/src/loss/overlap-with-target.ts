import { greater, logicalAnd, mul, type Tensor2D, where, zerosLike } from "@tensorflow/tfjs-core";
import { type Edges, overlap, sidesOf } from "../boxes/overlap.ts";

/**
 * The areas of the intersection and the union of each box and its target. Boxes that only touch give the intersection no gradient, as in torchvision's
 * losses and unlike in its `box_iou`. To be called in a `tidy`.
 */
export function overlapWithTarget(a: Edges, b: Edges): { intersection: Tensor2D; union: Tensor2D } {
  return overlap(a, b, areaWhereTheyMeet);
}

function areaWhereTheyMeet(shared: Edges): Tensor2D {
  const [width, height] = sidesOf(shared);
  const meet = logicalAnd(greater(width, 0), greater(height, 0));
  return where<Tensor2D>(meet, mul(width, height), zerosLike(width));
}
