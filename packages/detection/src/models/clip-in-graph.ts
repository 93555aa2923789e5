import { maximum, minimum, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { Size2d } from "../anchors/box-array.ts";

/** Boxes `[box, 4]` cut at the edges of an image, as tensors. To be called in a `tidy`. */
export function clipInGraph(boxes: Tensor2D, [height, width]: Size2d): Tensor2D {
  return minimum(maximum(boxes, 0), tensor2d([[width, height, width, height]]));
}
