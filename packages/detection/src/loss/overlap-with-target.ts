import { maximum, minimum } from "@pellucid/core-train";
import { add, greater, logicalAnd, mul, sub, type Tensor2D, where, zerosLike } from "@tensorflow/tfjs-core";
import { areaOf, type Edges, sidesOf } from "../boxes/overlap.ts";

/**
 * The areas of the intersection and the union of each box and its target. Boxes that only touch give the intersection no gradient, as in torchvision's
 * losses and unlike in its `box_iou`. To be called in a `tidy`.
 */
export function overlapWithTarget(a: Edges, b: Edges): { intersection: Tensor2D; union: Tensor2D } {
  const shared: Edges = [maximum(a[0], b[0]), maximum(a[1], b[1]), minimum(a[2], b[2]), minimum(a[3], b[3])];
  const [width, height] = sidesOf(shared);
  const meet = logicalAnd(greater(width, 0), greater(height, 0));
  const intersection = where<Tensor2D>(meet, mul(width, height), zerosLike(width));
  const union = sub<Tensor2D>(add(areaOf(a), areaOf(b)), intersection);
  return { intersection, union };
}
