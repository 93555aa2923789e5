import type { Augmentation } from "./augmentation.ts";
import { drawUniform } from "./draw-number.ts";
import { degreesOf } from "./degrees.ts";
import type { Interval } from "./random-sides.ts";
import { rotateImage, type RotateImageOptions } from "./rotate-image.ts";
import { checkOptions } from "../check-options.ts";

/**
 * Turns the image by a random angle, torchvision's `RandomRotation`.
 *
 * @param degrees from where to where, counter-clockwise, or how far at most to both sides
 */
export function randomRotation(degrees: number | Interval, options: RotateImageOptions = {}): Augmentation {
  checkOptions("randomRotation", options, ["center", "interpolation", "fill"]);
  const range = degreesOf("randomRotation", "degrees", degrees);
  return (image, rng) => rotateImage(image, drawUniform(range, rng), { fill: 0, ...options });
}
