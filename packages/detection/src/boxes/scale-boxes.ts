import { checkPositive } from "@pellucid/core-train";
import { mul, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Boxes, BoxFormat } from "./boxes.ts";
import { checkBoxes } from "./check-boxes.ts";

/**
 * Boxes in fractions of an image's width and height, from boxes in its pixels.
 *
 * @param format of the boxes, which the compiler checks
 */
export function toUnit<F extends BoxFormat>(
  boxes: Boxes<F, "pixels">,
  format: NoInfer<F>,
  size: readonly [height: number, width: number],
): Boxes<F, "unit"> {
  return scaled("toUnit", boxes, format, 1 / size[1], 1 / size[0], size) as Boxes<F, "unit">;
}

/** Boxes in an image's pixels, from boxes in fractions of its width and height. */
export function toPixels<F extends BoxFormat>(
  boxes: Boxes<F, "unit">,
  format: NoInfer<F>,
  size: readonly [height: number, width: number],
): Boxes<F, "pixels"> {
  return scaled("toPixels", boxes, format, size[1], size[0], size) as Boxes<F, "pixels">;
}

function scaled(
  caller: string,
  boxes: Tensor2D,
  format: BoxFormat,
  x: number,
  y: number,
  [height, width]: readonly [height: number, width: number],
): Tensor2D {
  checkPositive(caller, { height, width });
  checkBoxes(caller, "boxes", boxes);
  return tidy(() => mul(boxes, tensor2d(format === "yxyx" ? [y, x, y, x] : [x, y, x, y], [1, 4]))); // [box, 4]
}
