import { blend } from "./blend.ts";
import { checkFactor } from "./check-factor.ts";
import { colorSizesOf, type Image } from "./image.ts";

/** A darker or brighter image, torchvision's `adjust_brightness`. @param factor 0 is black, 1 changes nothing */
export function adjustBrightnessImage(image: Image, factor: number): Image {
  checkFactor("adjustBrightnessImage", factor);
  colorSizesOf("adjustBrightnessImage", image);
  return blend(image, factor, () => 0);
}
