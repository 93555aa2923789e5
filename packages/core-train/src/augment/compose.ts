import type { Augmentation } from "./augmentation.ts";

/**
 * Does one augmentation after the other.
 *
 * ```ts
 * const augment = compose(randomCrop(32, { padding: 4 }), randomHorizontalFlip());
 * const image = augment(original, rng);
 * ```
 */
export function compose(...augmentations: readonly Augmentation[]): Augmentation {
  return (image, rng) => augmentations.reduce((current, augment) => augment(current, rng), image);
}
