import { checkPositive } from "@pellucid/core-train";
import { mul, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Boxes, BoxFormat } from "./boxes.ts";
import { checkImageSize } from "./check-image-size.ts";
import { checkBoxes } from "./check-boxes.ts";

/**
 * Boxes in fractions of an image's width and height, from boxes in its pixels.
 *
 * @param format of the boxes, which the compiler checks
 * @throws {StructError} for what is not a tensor, or a size that is not numbers
 * @throws {OptionError} for a size that is not a height and a width above 0
 */
export function toUnit<F extends BoxFormat>(
  boxes: Boxes<F, "pixels">,
  format: NoInfer<F>,
  size: readonly [height: number, width: number],
): Boxes<F, "unit"> {
  return scaled("toUnit", boxes, format, size, (side) => 1 / side) as Boxes<F, "unit">;
}

/**
 * Boxes in an image's pixels, from boxes in fractions of its width and height.
 *
 * @throws {StructError} for what is not a tensor, or a size that is not numbers
 * @throws {OptionError} for a size that is not a height and a width above 0
 */
export function toPixels<F extends BoxFormat>(
  boxes: Boxes<F, "unit">,
  format: NoInfer<F>,
  size: readonly [height: number, width: number],
): Boxes<F, "pixels"> {
  return scaled("toPixels", boxes, format, size, (side) => side) as Boxes<F, "pixels">;
}

function scaled(
  caller: string,
  boxes: Tensor2D,
  format: BoxFormat,
  size: readonly [height: number, width: number],
  factor: (side: number) => number,
): Tensor2D {
  checkImageSize(caller, "size", size);
  const [height, width] = size;
  checkPositive(caller, { height, width });
  const [x, y] = [factor(width), factor(height)];
  checkBoxes(caller, "boxes", boxes);
  return tidy(() => mul(boxes, tensor2d(format === "yxyx" ? [y, x, y, x] : [x, y, x, y], [1, 4]))); // [box, 4]
}
