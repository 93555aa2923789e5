import { type BoxArray, concatBoxes, type Size2d } from "../anchors/box-array.ts";
import { clipArray } from "../anchors/clip-array.ts";
import { largestFirst } from "../rpn/largest-first.ts";
import type { Detections } from "./detections.ts";
import { keepBest } from "./keep-best.ts";

/** What was predicted of the anchors of one map. */
export interface LevelPredictions {
  /** The score of each anchor and class. */
  readonly scores: Float32Array;
  /** The boxes of the anchors with the given indices. */
  readonly boxesOf: (anchors: Int32Array) => BoxArray;
}

/** Options for {@link bestOfLevels}. */
export interface BestOfLevelsOptions {
  readonly numClasses: number;
  /** The score above which an anchor and class is a candidate. */
  readonly scoreThresh: number;
  /** How many candidates of each map are suppressed. */
  readonly topkCandidates: number;
  /** The IoU above which the lower score of two of a class goes. */
  readonly nmsThresh: number;
  /** How many detections are kept. */
  readonly detectionsPerImg: number;
}

/** The detections of one picture: the best anchors and classes of each map, suppressed class by class; then the best of all. */
export function bestOfLevels(
  levels: readonly LevelPredictions[],
  imageSize: Size2d,
  { numClasses, scoreThresh, topkCandidates, nmsThresh, detectionsPerImg }: BestOfLevelsOptions,
): Detections {
  const threshold = Math.fround(scoreThresh);
  const found = levels.map(({ scores, boxesOf }) => {
    const above = Int32Array.from({ length: scores.length }, (_, i) => i).filter(
      (i) => (scores[i] ?? NaN) > threshold,
    );
    const own = Float32Array.from(above, (i) => scores[i] ?? NaN);
    const best = largestFirst(own, topkCandidates);
    const indices = best.map((i) => above[i] ?? NaN);
    return {
      boxes: clipArray(boxesOf(indices.map((i) => Math.floor(i / numClasses))), imageSize),
      scores: Array.from(best, (i) => own[i] ?? NaN),
      labels: Array.from(indices, (i) => i % numClasses),
    };
  });
  return keepBest(
    concatBoxes(found.map(({ boxes }) => boxes)),
    Float32Array.from(found.flatMap(({ scores }) => scores)),
    Int32Array.from(found.flatMap(({ labels }) => labels)),
    { nmsThresh, detectionsPerImg },
  );
}
