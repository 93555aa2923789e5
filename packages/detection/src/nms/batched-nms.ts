import { checkFinite, checkShape } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { checkBoxes } from "../boxes/check-boxes.ts";
import { readBoxes } from "./read-boxes.ts";
import { suppress } from "./suppress.ts";

/**
 * {@link nms} of each class, torchvision's `batched_nms`. Classes are compared, where torchvision moves the boxes of each class away from the others, which
 * fails for negative coordinates and rounds.
 *
 * @param boxes `[box, 4]`
 * @param scores `[box]`
 * @param classes `[box]`: the class of each box, or its image or level
 * @returns the indices of the kept boxes, by falling score over all classes
 */
export async function batchedNms(
  boxes: Boxes<"xyxy", BoxUnit>,
  scores: Tensor1D,
  classes: Tensor1D,
  iouThreshold: number,
): Promise<Int32Array<ArrayBuffer>> {
  checkFinite("batchedNms", { iouThreshold });
  checkBoxes("batchedNms", "boxes", boxes);
  checkShape("batchedNms", "classes", classes, [boxes.shape[0]]);
  const [host, labels] = await Promise.all([readBoxes("batchedNms", boxes, scores), classes.data()]);
  return suppress(host, iouThreshold, labels);
}
