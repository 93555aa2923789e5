import type { Augmentation } from "./augmentation.ts";
import { drawBoolean } from "./draw-number.ts";
import { checkProbability } from "./check-option.ts";
import { horizontalFlipImage } from "./horizontal-flip-image.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomHorizontalFlip} and {@link randomVerticalFlip}. */
export interface RandomFlipOptions {
  /** How often. Default: 0.5. */
  readonly p?: number;
}

/** Mirrors some images left to right, torchvision's `RandomHorizontalFlip`. */
export function randomHorizontalFlip(options: RandomFlipOptions = {}): Augmentation {
  checkOptions("randomHorizontalFlip", options, ["p"]);
  const { p = 0.5 } = options;
  checkProbability("randomHorizontalFlip", p);
  return (image, rng) => (drawBoolean(p, rng) ? horizontalFlipImage(image) : image);
}
