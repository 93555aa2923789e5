import { add, gather, image, mul, reshape, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import type { GraphDetections } from "./graph-detections.ts";

/** What is kept of candidates. */
export interface SuppressInGraphOptions {
  /** The length of the longer side of the picture, in which all boxes lie. */
  readonly side: number;
  readonly scoreThresh: number;
  readonly nmsThresh: number;
  readonly detectionsPerImg: number;
}

/** The best candidates that no better one of their class overlaps. To be called in a `tidy`. */
export function suppressInGraph(
  { boxes, scores, labels }: GraphDetections,
  { side, scoreThresh, nmsThresh, detectionsPerImg }: SuppressInGraphOptions,
): GraphDetections {
  const apart = reshape(mul(labels, Math.ceil(side) + 1), [-1, 1]);
  const moved: Tensor2D = add(boxes, apart); // [candidate, 4]: no two classes overlap
  const overlap = Math.min(1, Math.max(2 ** -126, Math.fround(nmsThresh * (1 + 2 ** -23)))); // tfjs' own limit goes, too
  const kept = image.nonMaxSuppression(moved, scores, detectionsPerImg, overlap, Math.fround(scoreThresh));
  return {
    boxes: gather(boxes, kept),
    scores: gather(scores, kept),
    labels: gather<Tensor1D>(labels, kept),
  };
}
