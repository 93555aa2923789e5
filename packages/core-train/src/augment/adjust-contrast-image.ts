import { blend } from "./blend.ts";
import { checkFactor } from "./check-factor.ts";
import { colorSizesOf, type Image } from "./image.ts";
import { luminance } from "./luminance.ts";

/** An image of less or more contrast, torchvision's `adjust_contrast`. @param factor 0 is gray, 1 changes nothing */
export function adjustContrastImage(image: Image, factor: number): Image {
  checkFactor("adjustContrastImage", factor);
  const [, , channels] = colorSizesOf("adjustContrastImage", image);
  const gray = channels === 3 ? luminance(image) : image.data;
  const mean = gray.reduce((sum, x) => sum + x, 0) / gray.length;
  return blend(image, factor, () => mean);
}
