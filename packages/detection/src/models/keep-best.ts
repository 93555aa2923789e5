import { type BoxArray, boxArray, takeBoxes } from "../anchors/box-array.ts";
import { suppress } from "../nms/suppress.ts";
import type { Detections } from "./detections.ts";

/** Which candidates are kept. */
export interface KeepBestOptions {
  /** The IoU above which the lower score of two of a class goes. */
  readonly nmsThresh: number;
  /** How many detections are kept. */
  readonly detectionsPerImg: number;
}

/** Suppresses candidates class by class, and keeps the best of all. */
export function keepBest(
  boxes: BoxArray,
  scores: Float32Array,
  labels: Int32Array,
  { nmsThresh, detectionsPerImg }: KeepBestOptions,
): Detections {
  const kept = suppress({ boxes: boxes.data, scores }, nmsThresh, labels).subarray(0, detectionsPerImg);
  return {
    boxes: kept.length === 0 ? boxArray(new Float32Array()) : takeBoxes(boxes, kept),
    scores: Float32Array.from(kept, (i) => scores[i] ?? NaN),
    labels: Int32Array.from(kept, (i) => labels[i] ?? NaN),
  };
}
