import { checkArguments, checkOptions } from "@pellucid/core-train";
import { suppress } from "../nms/suppress.ts";
import { type BoxArray, boxArray, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { checkImageSize } from "../boxes/check-image-size.ts";
import { clipArray } from "../anchors/clip-array.ts";
import { largestFirst } from "./largest-first.ts";
import { sigmoid32 } from "./sigmoid32.ts";

/** Boxes of one image with their scores, the highest first. */
export interface Proposals {
  readonly boxes: BoxArray;
  readonly scores: Float32Array;
}

/** Options for {@link filterProposals}. */
export interface FilterProposalsOptions {
  /** How many of each level are kept by score before suppression. */
  readonly preNmsTopN: number;
  /** How many are kept after suppression. */
  readonly postNmsTopN: number;
  /** The IoU above which the lower score of two of a level goes. */
  readonly nmsThresh: number;
  /** The least width and height in pixels. Default: 0.001. */
  readonly minSize?: number;
  /** The least score. Default: 0. */
  readonly scoreThresh?: number;
}

/**
 * The best proposals of an image, as torchvision's `RegionProposalNetwork.filter_proposals`: the best of each level, cut at the image, without those that are too small; suppressed
 * level by level; then the best of all.
 *
 * @param objectness logits of all anchors, level by level
 * @param boxesOf the boxes of the anchors with the given indices
 * @param perLevel how many anchors each level has
 * @throws {StructError} for arguments of another kind
 * @throws {OptionError} for an unknown option, or a size that is not a height and a width
 */
export function filterProposals(
  objectness: Float32Array,
  boxesOf: (indices: Int32Array) => BoxArray,
  perLevel: readonly number[],
  imageSize: Size2d,
  options: FilterProposalsOptions,
): Proposals {
  checkArguments("filterProposals", { numbers: { objectness, perLevel }, function: { boxesOf } });
  checkImageSize("filterProposals", "imageSize", imageSize);
  checkOptions("filterProposals", options, [
    "preNmsTopN",
    "postNmsTopN",
    "nmsThresh",
    "minSize",
    "scoreThresh",
  ]);
  const { preNmsTopN, postNmsTopN, nmsThresh, minSize = 1e-3, scoreThresh = 0 } = options;
  let offset = 0;
  const best = perLevel.flatMap((count, level) => {
    const from = offset;
    offset += count;
    const own = largestFirst(objectness.subarray(from, from + count), preNmsTopN);
    return Array.from(own, (i) => ({ index: from + i, level }));
  });
  const clipped = clipArray(boxesOf(Int32Array.from(best, ({ index }) => index)), imageSize);
  const scores = Float32Array.from(best, ({ index }) => sigmoid32(objectness[index] ?? NaN));
  const large = best.flatMap((_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = clipped.data.subarray(4 * i, 4 * i + 4);
    const isKept = x2 - x1 >= minSize && y2 - y1 >= minSize && (scores[i] ?? NaN) >= scoreThresh;
    return isKept ? [i] : [];
  });
  const boxes = takeBoxes(clipped, large);
  const largeScores = Float32Array.from(large, (i) => scores[i] ?? NaN);
  const levels = large.map((i) => (best[i] as { readonly level: number }).level);
  const kept = suppress({ boxes: boxes.data, scores: largeScores }, nmsThresh, levels).subarray(
    0,
    postNmsTopN,
  );
  return {
    boxes: kept.length === 0 ? boxArray(new Float32Array()) : takeBoxes(boxes, kept),
    scores: Float32Array.from(kept, (i) => largeScores[i] ?? NaN),
  };
}
