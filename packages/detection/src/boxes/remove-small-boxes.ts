import { checkFinite } from "@pellucid/core-train";
import { cornersOf } from "./corners-of.ts";
import type { Boxes, BoxUnit } from "./boxes.ts";
import { checkBoxes } from "./check-boxes.ts";

/**
 * The indices of the boxes whose width and height are at least `minSize`, in order, torchvision's `remove_small_boxes`.
 *
 * @param boxes `[box, 4]`
 */
export async function removeSmallBoxes(
  boxes: Boxes<"xyxy", BoxUnit>,
  minSize: number,
): Promise<Int32Array<ArrayBuffer>> {
  checkFinite("removeSmallBoxes", { minSize });
  checkBoxes("removeSmallBoxes", "boxes", boxes);
  const data = await boxes.data();
  const kept: number[] = [];
  for (let i = 0; i < data.length; i += 4) {
    const [x1, y1, x2, y2] = cornersOf(data, i / 4);
    if (Math.fround(x2 - x1) >= minSize && Math.fround(y2 - y1) >= minSize) kept.push(i / 4);
  }
  return Int32Array.from(kept);
}
