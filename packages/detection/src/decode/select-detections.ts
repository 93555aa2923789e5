import { checkFinite, checkOptions, checkRecord, checkShape, checkSizes } from "@pellucid/core-train";
import { suppress } from "../nms/suppress.ts";
import { orderByScore } from "../nms/order-by-score.ts";
import { boxArray, takeBoxes } from "../anchors/box-array.ts";
import type { Detections } from "../models/detections.ts";
import type { Decoded } from "./decoded.ts";

/** Options for {@link selectDetections}. */
export interface SelectDetectionsOptions {
  /** Boxes whose score is not above are left out. Default: 0.05. */
  readonly scoreThreshold?: number;
  /** See `nms`. Default: 0.5. */
  readonly iouThreshold?: number;
  /** How many boxes of an image go into the suppression, the best ones. Default: 1000. */
  readonly candidates?: number;
  /** How many detections of an image are kept, the best ones. Default: 100. */
  readonly maxDetections?: number;
  /** Whether boxes of different classes suppress each other. Default: false. */
  readonly classAgnostic?: boolean;
  /** Whether a box may be found as several classes, rather than as its best one. Default: false. */
  readonly multiLabel?: boolean;
}

/**
 * Leaves out the boxes of low scores, and those that a better one of their class overlaps: what was found in each image of the batch.
 *
 * @throws {StructError} for what is not a record of tensors
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} for a wrong option
 */
export async function selectDetections(
  decoded: Decoded,
  options: SelectDetectionsOptions = {},
): Promise<Detections[]> {
  checkRecord("selectDetections", "decoded", decoded, ["boxes", "scores"]);
  const { boxes, scores } = decoded;
  checkOptions("selectDetections", options, [
    "scoreThreshold",
    "iouThreshold",
    "candidates",
    "maxDetections",
    "classAgnostic",
    "multiLabel",
  ]);
  const { scoreThreshold = 0.05, iouThreshold = 0.5, candidates = 1000, maxDetections = 100 } = options;
  const { classAgnostic = false, multiLabel = false } = options;
  checkFinite("selectDetections", { scoreThreshold, iouThreshold });
  checkSizes("selectDetections", { candidates, maxDetections });
  const threshold = Math.fround(scoreThreshold); // as scores are
  checkShape("selectDetections", "scores", scores, ["batch", "anchor", "class"]);
  const [batch, anchors, classes] = scores.shape;
  checkShape("selectDetections", "boxes", boxes, [batch, anchors, 4]);
  const [boxData, scoreData] = await Promise.all([boxes.data<"float32">(), scores.data<"float32">()]);
  return Array.from({ length: batch }, (_, image) => {
    const own = scoreData.subarray(image * anchors * classes, (image + 1) * anchors * classes);
    const above = multiLabel ? everyAbove(own, threshold) : bestAbove(own, classes, threshold);
    const order = orderByScore(above.map((i) => own[i] ?? NaN)).slice(0, candidates);
    const chosen = Array.from(order, (rank) => above[rank] ?? NaN); // of [anchor, class]
    const corners = chosen.map((i) => (image * anchors + Math.floor(i / classes)) * 4);
    const found = {
      boxes: Float32Array.from(corners.flatMap((at) => [...boxData.subarray(at, at + 4)])),
      scores: Float32Array.from(chosen, (i) => own[i] ?? NaN),
    };
    const labels = chosen.map((i) => i % classes);
    const kept = suppress(found, iouThreshold, classAgnostic ? undefined : labels).slice(0, maxDetections);
    return {
      boxes: takeBoxes(boxArray(found.boxes), kept),
      scores: Float32Array.from(kept, (i) => found.scores[i] ?? NaN),
      labels: Int32Array.from(kept, (i) => labels[i] ?? NaN),
    };
  });
}

function everyAbove(scores: Float32Array, threshold: number): number[] {
  return [...scores.keys()].filter((i) => (scores[i] ?? NaN) > threshold);
}

/** The best class of each anchor. */
function bestAbove(scores: Float32Array, classes: number, threshold: number): number[] {
  const best: number[] = [];
  for (let start = 0; start < scores.length; start += classes) {
    let at = start;
    for (let i = start; i < start + classes; i++) if ((scores[i] ?? NaN) > (scores[at] ?? NaN)) at = i;
    if ((scores[at] ?? NaN) > threshold) best.push(at);
  }
  return best;
}
