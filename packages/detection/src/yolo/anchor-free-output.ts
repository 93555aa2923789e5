import {
  add,
  concat,
  expandDims,
  mul,
  reshape,
  slice,
  sub,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { expectedDistance } from "../loss/distribution-focal-loss.ts";

/** What an anchor-free detector predicts of each point, the finest map first, row by row. */
export interface AnchorFreeOutput {
  /** `[batch, anchor, class]`: logits */
  readonly logits: Tensor3D;
  /** `[batch, anchor, 4 · bin]`: logits of the distances to the left, upper, right and lower edge, in units of the stride */
  readonly distances: Tensor3D;
  /** `[anchor, 3]`: `x`, `y` and the stride of each point, in pixels */
  readonly points: Tensor2D;
}

/** `[batch, anchor, 4]`: `x1, y1, x2, y2` in pixels. To be called in a `tidy`. */
export function boxesOfDistances({ distances, points }: AnchorFreeOutput): Tensor3D {
  const [batch, anchors, all] = distances.shape;
  const sides = expectedDistance(reshape(distances, [batch, anchors, 4, all / 4])); // [batch, anchor, 4]
  const at = expandDims(slice(points, [0, 0], [-1, 2]), 0); // [1, anchor, 2]
  const pixels = mul(sides, expandDims(slice(points, [0, 2], [-1, 1]), 0)) as Tensor3D;
  const before = sub(at, slice(pixels, [0, 0, 0], [batch, anchors, 2]));
  const after = add(at, slice(pixels, [0, 0, 2], [batch, anchors, 2]));
  return concat([before, after] as Tensor3D[], 2);
}
