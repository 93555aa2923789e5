import { blend } from "./blend.ts";
import { checkFactor } from "./check-factor.ts";
import { colorSizesOf, type Image } from "./image.ts";
import { luminance } from "./luminance.ts";

/**
 * An image with paler or stronger colors, torchvision's `adjust_saturation`; a gray one stays. @param factor 0 is without
 * color, 1 changes nothing
 */
export function adjustSaturationImage(image: Image, factor: number): Image {
  checkFactor("adjustSaturationImage", factor);
  const [, , channels] = colorSizesOf("adjustSaturationImage", image);
  if (channels === 1) return image;
  const gray = luminance(image);
  return blend(image, factor, (i) => gray[Math.trunc(i / 3)] ?? NaN);
}
