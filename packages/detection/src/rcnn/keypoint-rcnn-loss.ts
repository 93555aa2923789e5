import { checkArguments, checkShape, crossEntropy, type HostTensor } from "@pellucid/core-train";
import { type Rank, reshape, type Scalar, tensor1d, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import type { BoxArray } from "../anchors/box-array.ts";
import { rowsAt } from "../rpn/rows-at.ts";
import { zeroOf } from "../rpn/zero-of.ts";
import { keypointsToHeatmap } from "./keypoints-to-heatmap.ts";

/** The regions of one image that have an object. */
export interface KeypointRegions {
  readonly boxes: BoxArray;
  /** The object of each region. */
  readonly objects: Int32Array;
  /** `[object, keypoint, 3]`: `x`, `y` and whether it is visible. */
  readonly keypoints: HostTensor;
}

/**
 * The loss of keypoints, torchvision's `keypointrcnn_loss`: the cross-entropy of each visible keypoint's heatmap with its position; 0 without any. To be called in a `tidy`.
 *
 * He et al., 2017. Mask R-CNN, section 5. https://arxiv.org/abs/1703.06870
 *
 * @param keypointLogits `[region, size, size, keypoint]` of all images
 * @throws {StructError} for what is not a tensor, or not an array of regions
 */
export function keypointRcnnLoss(keypointLogits: Tensor4D, images: readonly KeypointRegions[]): Scalar {
  checkShape("keypointRcnnLoss", "keypointLogits", keypointLogits, ["region", "size", "size", "keypoint"]);
  checkArguments("keypointRcnnLoss", { "{ boxes, objects, keypoints }[]": { images } });
  const [regions, size, , count] = keypointLogits.shape;
  const positions = images.flatMap(({ keypoints, objects, boxes }) => [
    ...keypointsToHeatmap(keypoints, objects, boxes, size),
  ]);
  const visible = [...positions.keys()].filter((i) => (positions[i] ?? NaN) >= 0);
  if (visible.length === 0) return zeroOf(keypointLogits);
  const maps = reshape<Rank.R2>(transpose(keypointLogits, [0, 3, 1, 2]), [regions * count, size * size]); // [region · keypoint, position]
  const labels = Int32Array.from(visible, (i) => positions[i] ?? NaN);
  return crossEntropy(rowsAt(maps, visible), tensor1d(labels, "int32")) as Scalar;
}
