import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { SegmentationOutput } from "./segmentation-output.ts";

/** The logits of a model that returns them as they are, or as `out` of a record. */
export const logitsOf = (output: Tensor4D | SegmentationOutput): Tensor4D =>
  "out" in output ? output.out : output;
