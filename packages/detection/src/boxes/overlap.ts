import { clamp, maximum, minimum } from "@pellucid/core-train";
import { add, mul, split, sub, type Tensor2D } from "@tensorflow/tfjs-core";

/** The four edges of boxes, of shapes that broadcast. */
export type Edges = readonly [x1: Tensor2D, y1: Tensor2D, x2: Tensor2D, y2: Tensor2D];

/** The edges of boxes, each `[box, 1]` from `[box, 4]`, or along the other axis `[1, box]` from `[4, box]`. */
export const edgesOf = (boxes: Tensor2D, axis: 0 | 1 = 1): Edges =>
  split(boxes, 4, axis) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];

/** Width and height of boxes, below 0 where they are inverted. */
export const sidesOf = ([x1, y1, x2, y2]: Edges): [Tensor2D, Tensor2D] => [sub(x2, x1), sub(y2, y1)];

/**
 * The areas of the intersection and the union of boxes. To be called in a `tidy`.
 *
 * @param insideOf the area between edges, of which the right one may be left of the left one: 0 then
 */
export function overlap(
  a: Edges,
  b: Edges,
  insideOf: (shared: Edges) => Tensor2D = clampedArea,
): { intersection: Tensor2D; union: Tensor2D } {
  const intersection = insideOf([
    maximum(a[0], b[0]),
    maximum(a[1], b[1]),
    minimum(a[2], b[2]),
    minimum(a[3], b[3]),
  ]);
  const union = sub<Tensor2D>(add(areaOf(a), areaOf(b)), intersection);
  return { intersection, union };
}

function clampedArea(edges: Edges): Tensor2D {
  const [width, height] = sidesOf(edges);
  return mul(clamp(width, 0, Infinity), clamp(height, 0, Infinity));
}

/**
 * Width and height of the smallest box around two. To be called in a `tidy`.
 *
 * @returns of the shape that the edges broadcast to
 */
export function hull(a: Edges, b: Edges): [width: Tensor2D, height: Tensor2D] {
  return sidesOf([minimum(a[0], b[0]), minimum(a[1], b[1]), maximum(a[2], b[2]), maximum(a[3], b[3])]);
}

/**
 * {@link hull}, its sides at least 0. To be called in a `tidy`.
 *
 * @returns of the shape that the edges broadcast to
 */
export function clampedHull(a: Edges, b: Edges): [width: Tensor2D, height: Tensor2D] {
  const [width, height] = hull(a, b);
  return [clamp(width, 0, Infinity), clamp(height, 0, Infinity)];
}

/** Width times height. To be called in a `tidy`. */
export function areaOf(edges: Edges): Tensor2D {
  const [width, height] = sidesOf(edges);
  return mul(width, height);
}
