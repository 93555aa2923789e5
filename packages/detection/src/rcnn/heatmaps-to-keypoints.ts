import { amax, checkShape, interpolate } from "@pellucid/core-train";
import {
  argMax,
  dispose,
  reshape,
  slice,
  type Tensor1D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { type BoxArray, checkBoxArray } from "../anchors/box-array.ts";

const { fround } = Math;

/** Keypoints of regions. */
export interface Keypoints {
  /** `x`, `y` and 1 of each keypoint of each region. */
  readonly keypoints: Float32Array;
  /** The logit of each keypoint of each region. */
  readonly scores: Float32Array;
}

/**
 * The keypoint of each heatmap, torchvision's `heatmaps_to_keypoints`: the largest value after bicubic enlargement to the region's size, at the center of its pixel.
 *
 * @param maps `[region, height, width, keypoint]`
 * @param boxes of the regions
 * @throws {StructError} for what is not a tensor, or not boxes
 * @throws {ShapeError} unless there is a box for each region
 */
export async function heatmapsToKeypoints(maps: Tensor4D, boxes: BoxArray): Promise<Keypoints> {
  checkShape("heatmapsToKeypoints", "maps", maps, ["region", "height", "width", "keypoint"]);
  const [regions, , , count] = maps.shape;
  checkBoxArray("heatmapsToKeypoints", "boxes", boxes, regions);
  const keypoints = new Float32Array(regions * count * 3);
  const scores = new Float32Array(regions * count);
  for (let region = 0; region < regions; region++) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data.subarray(4 * region, 4 * region + 4);
    const [width, height] = [Math.max(fround(x2 - x1), 1), Math.max(fround(y2 - y1), 1)];
    const [across, down] = [Math.ceil(width), Math.ceil(height)];
    const found = tidy(() => {
      const own = slice(maps, [region, 0, 0, 0], [1, -1, -1, -1]); //                       [1, height, width, keypoint]
      const large = interpolate(own, { size: [down, across], mode: "bicubic" }); //         [1, down, across, keypoint]
      const flat = transpose(reshape(large, [down * across, count])); //                    [keypoint, position]
      return [argMax<Tensor1D>(flat, 1), amax(flat, 1) as Tensor1D];
    });
    const [positions, logits] = await Promise.all(found.map((tensor) => tensor.data()));
    dispose(found);
    scores.set(logits as Float32Array, region * count);
    for (const [k, position] of (positions as Int32Array).entries()) {
      const x = fround(fround((position % across) + 0.5) * fround(width / across));
      const y = fround(fround(Math.floor(position / across) + 0.5) * fround(height / down));
      keypoints.set([x + x1, y + y1, 1], (region * count + k) * 3);
    }
  }
  return { keypoints, scores };
}
