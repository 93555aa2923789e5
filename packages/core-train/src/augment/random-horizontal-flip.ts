import type { Augmentation } from "./augmentation.ts";
import { drawBoolean } from "./draw-number.ts";
import { checkProbability } from "./check-option.ts";
import { horizontalFlipImage } from "./horizontal-flip-image.ts";

/** Options for {@link randomHorizontalFlip} and {@link randomVerticalFlip}. */
export interface RandomFlipOptions {
  /** How often. Default: 0.5. */
  readonly p?: number;
}

/** Mirrors some images left to right, torchvision's `RandomHorizontalFlip`. */
export function randomHorizontalFlip({ p = 0.5 }: RandomFlipOptions = {}): Augmentation {
  checkProbability("randomHorizontalFlip", p);
  return (image, rng) => (drawBoolean(p, rng) ? horizontalFlipImage(image) : image);
}
