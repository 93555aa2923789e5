import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";

/** What was found in a picture, as tensors: what is in a graph of a detector. */
export interface GraphDetections {
  /** `[object, 4]`: `x1, y1, x2, y2` in pixels. */
  readonly boxes: Tensor2D;
  /** `[object]`, 0 to 1. */
  readonly scores: Tensor1D;
  /** `[object]` int32: the class of each. */
  readonly labels: Tensor1D;
}
