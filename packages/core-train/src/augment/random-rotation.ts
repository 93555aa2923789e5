import type { Augmentation } from "./augmentation.ts";
import { drawUniform } from "./draw-number.ts";
import { degreesOf } from "./degrees.ts";
import type { Interval } from "./random-sides.ts";
import { rotateImage, type RotateImageOptions } from "./rotate-image.ts";

/**
 * Turns the image by a random angle, torchvision's `RandomRotation`.
 *
 * @param degrees from where to where, counter-clockwise, or how far at most to both sides
 */
export function randomRotation(degrees: number | Interval, options: RotateImageOptions = {}): Augmentation {
  const range = degreesOf("randomRotation", "degrees", degrees);
  return (image, rng) => rotateImage(image, drawUniform(range, rng), { fill: 0, ...options });
}
