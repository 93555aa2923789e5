import { checkShape, DataError } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { checkBoxes } from "../boxes/check-boxes.ts";
import type { HostBoxes } from "./host-boxes.ts";

/**
 * The numbers of boxes `[box, 4]` and of their scores `[box]`.
 *
 * @throws DataError for one that is NaN: its order and its overlaps would be none
 */
export async function readBoxes(
  caller: string,
  boxes: Boxes<"xyxy", BoxUnit>,
  scores: Tensor1D,
): Promise<HostBoxes> {
  checkBoxes(caller, "boxes", boxes);
  checkShape(caller, "scores", scores, [boxes.shape[0]]);
  const [boxData, scoreData] = await Promise.all([boxes.data(), scores.data()]);
  const [box, score] = [boxData.findIndex(Number.isNaN), scoreData.findIndex(Number.isNaN)];
  if (box !== -1)
    throw new DataError(`${caller}: boxes[${Math.floor(box / 4)}, ${box % 4}] is NaN, expected a number.`);
  if (score !== -1) throw new DataError(`${caller}: scores[${score}] is NaN, expected a number.`);
  return { boxes: boxData, scores: scoreData };
}
