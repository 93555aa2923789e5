import { checkShape } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { checkBoxes } from "../boxes/check-boxes.ts";
import type { HostBoxes } from "./host-boxes.ts";

/** The numbers of boxes `[box, 4]` and of their scores `[box]`. */
export async function readBoxes(
  caller: string,
  boxes: Boxes<"xyxy", BoxUnit>,
  scores: Tensor1D,
): Promise<HostBoxes> {
  checkBoxes(caller, "boxes", boxes);
  checkShape(caller, "scores", scores, [boxes.shape[0]]);
  const [boxData, scoreData] = await Promise.all([boxes.data(), scores.data()]);
  return { boxes: boxData, scores: scoreData };
}
