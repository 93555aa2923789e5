import type { Augmentation } from "./augmentation.ts";
import { drawBoolean } from "./draw-number.ts";
import { checkProbability } from "./check-option.ts";
import type { RandomFlipOptions } from "./random-horizontal-flip.ts";
import { verticalFlipImage } from "./vertical-flip-image.ts";
import { checkOptions } from "../check-options.ts";

/** Turns some images upside down, torchvision's `RandomVerticalFlip`. */
export function randomVerticalFlip(options: RandomFlipOptions = {}): Augmentation {
  checkOptions("randomVerticalFlip", options, ["p"]);
  const { p = 0.5 } = options;
  checkProbability("randomVerticalFlip", p);
  return (image, rng) => (drawBoolean(p, rng) ? verticalFlipImage(image) : image);
}
