import { checkNotNegative, clamp } from "@pellucid/core-train";
import { concat, split, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Xyxy } from "./boxes.ts";
import { checkImageSize } from "./check-image-size.ts";
import { checkBoxes } from "./check-boxes.ts";

/**
 * Boxes cut at the edges of an image, torchvision's `clip_boxes_to_image`. One that lies outside keeps no area. Differentiable.
 *
 * @param boxes `[box, 4]`
 * @param size of the image
 * @returns `[box, 4]`
 * @throws {StructError} for what is not a tensor, or a size that is not numbers
 * @throws {OptionError} for a size that is not a height and a width of 0 or more
 */
export function clipBoxesToImage(boxes: Xyxy, size: readonly [height: number, width: number]): Xyxy {
  checkImageSize("clipBoxesToImage", "size", size);
  const [height, width] = size;
  checkNotNegative("clipBoxesToImage", { height, width });
  checkBoxes("clipBoxesToImage", "boxes", boxes);
  return tidy(() => {
    const columns = split(boxes as Tensor2D, 4, 1); // [box, 1] each
    const clipped = columns.map((column, i) => clamp(column, 0, i % 2 === 0 ? width : height));
    return concat(clipped, 1); // [box, 4]
  }) as Xyxy;
}
