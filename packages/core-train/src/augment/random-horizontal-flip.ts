import type { Augmentation } from "./augmentation.ts";
import { happens } from "./probability.ts";
import { checkProbability } from "./check-option.ts";
import { horizontalFlipImage } from "./horizontal-flip-image.ts";

export interface RandomFlipOptions {
  /** How often. Default: 0.5. */
  readonly p?: number;
}

/** Mirrors some images left to right, torchvision's `RandomHorizontalFlip`. */
export function randomHorizontalFlip({ p = 0.5 }: RandomFlipOptions = {}): Augmentation {
  checkProbability("randomHorizontalFlip", p);
  return (image, rng) => (happens(p, rng) ? horizontalFlipImage(image) : image);
}
