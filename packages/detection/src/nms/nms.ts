import { checkFinite } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { readBoxes } from "./read-boxes.ts";
import { suppress } from "./suppress.ts";

/**
 * Non-maximum suppression, torchvision's `nms`: takes the box of the highest score, drops those that overlap it by *more* than the threshold, and repeats
 * with those that are left. Of equal scores the lower index is first, where torchvision leaves it open. A box without area suppresses none and is kept. It looks at no
 * classes: see {@link batchedNms}.
 *
 * @param boxes `[box, 4]`
 * @param scores `[box]`
 * @returns the indices of the kept boxes, by falling score, for `gather`
 */
export async function nms(
  boxes: Boxes<"xyxy", BoxUnit>,
  scores: Tensor1D,
  iouThreshold: number,
): Promise<Int32Array<ArrayBuffer>> {
  checkFinite("nms", { iouThreshold });
  return suppress(await readBoxes("nms", boxes, scores), iouThreshold);
}
