import { mul, reshape, split, sub, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "./boxes.ts";
import { checkBoxes } from "./check-boxes.ts";

/**
 * `(x2 − x1) (y2 − y1)`, torchvision's `box_area`; negative where one of the two is. Differentiable.
 *
 * @param boxes `[box, 4]`
 * @returns `[box]`
 */
export function boxArea(boxes: Boxes<"xyxy", BoxUnit>): Tensor1D {
  checkBoxes("boxArea", "boxes", boxes);
  return tidy(() => {
    const [x1, y1, x2, y2] = split(boxes as Tensor2D, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    return reshape(mul(sub(x2, x1), sub(y2, y1)), [-1]); // [box]
  }) as Tensor1D;
}
