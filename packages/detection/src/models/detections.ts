import type { HostTensor } from "@pellucid/core-train";
import type { BoxArray } from "../anchors/box-array.ts";

/** What a detector found in one picture, the highest score first, on the host. */
export interface Detections {
  /** `[object, 4]`: `x1, y1, x2, y2` in pixels of the picture. */
  readonly boxes: BoxArray;
  /** The score of each object, 0 to 1. */
  readonly scores: Float32Array;
  /** The class of each object. */
  readonly labels: Int32Array;
}

/** {@link Detections} with a mask of each object. */
export interface MaskDetections extends Detections {
  /** `[object, height, width]`, the probability that a pixel of the picture belongs to the object. */
  readonly masks: HostTensor<Float32Array>;
}

/** {@link Detections} with the keypoints of each object. */
export interface KeypointDetections extends Detections {
  /** `[object, keypoint, 3]`: `x`, `y` in pixels of the picture, and 1. */
  readonly keypoints: HostTensor<Float32Array>;
  /** The logit of each keypoint of each object. */
  readonly keypointScores: HostTensor<Float32Array>;
}
