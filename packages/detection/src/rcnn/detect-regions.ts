import { type BoxArray, boxArray, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { clipArray } from "../anchors/clip-array.ts";
import type { Detections } from "../models/detections.ts";
import { suppress } from "../nms/suppress.ts";

/** Which candidates become detections. */
export interface DetectRegionsOptions {
  readonly scoreThresh: number;
  readonly nmsThresh: number;
  readonly detectionsPerImg: number;
}

/**
 * The detections of one picture from the scores and boxes of its regions: each class but the background is a candidate of its own, above the threshold and of at least a hundredth of a pixel;
 * suppressed class by class; then the best of all.
 *
 * @param boxes `[region · class]`
 * @param scores of each region and class
 */
export function detectRegions(
  boxes: BoxArray,
  scores: Float32Array,
  classes: number,
  imageSize: Size2d,
  { scoreThresh, nmsThresh, detectionsPerImg }: DetectRegionsOptions,
): Detections {
  const clipped = clipArray(boxes, imageSize);
  const threshold = Math.fround(scoreThresh);
  const candidates: number[] = [];
  for (const [i, score] of scores.entries()) {
    if (i % classes === 0 || !(score > threshold)) continue;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = clipped.data.subarray(4 * i, 4 * i + 4);
    if (x2 - x1 >= 1e-2 && y2 - y1 >= 1e-2) candidates.push(i);
  }
  const own = takeBoxes(clipped, candidates);
  const ownScores = Float32Array.from(candidates, (i) => scores[i] ?? NaN);
  const labels = Int32Array.from(candidates, (i) => i % classes);
  const kept = suppress({ boxes: own.data, scores: ownScores }, nmsThresh, labels).subarray(
    0,
    detectionsPerImg,
  );
  return {
    boxes: kept.length === 0 ? boxArray(new Float32Array()) : takeBoxes(own, kept),
    scores: Float32Array.from(kept, (i) => ownScores[i] ?? NaN),
    labels: Int32Array.from(kept, (i) => labels[i] ?? NaN),
  };
}
