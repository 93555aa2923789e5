import type { Rng } from "../rng/rng.ts";
import type { Augmentation } from "./augmentation.ts";
import { drawInteger } from "./draw-number.ts";
import { checkRange } from "./check-option.ts";
import { type ImageBox, cropImage } from "./crop-image.ts";
import { type ImageSize, heightAndWidth } from "./image-size.ts";
import { sizesOf } from "./image.ts";
import { randomSides, type Interval } from "./random-sides.ts";
import { resizeImage } from "./resize-image.ts";
import { roundHalfEven } from "../round-half-even.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomResizedCrop}. */
export interface RandomResizedCropOptions {
  /** What part of the image's area is taken. Default: 0.08 to 1. */
  readonly scale?: Interval;
  /** Its width by its height. Default: 3/4 to 4/3. */
  readonly ratio?: Interval;
}

/**
 * Takes a rectangle of random size and proportion from anywhere in the image and gives it the size wanted, torchvision's
 * `RandomResizedCrop`. Szegedy et al., 2014, section 6. https://arxiv.org/abs/1409.4842
 */
export function randomResizedCrop(size: ImageSize, options: RandomResizedCropOptions = {}): Augmentation {
  checkOptions("randomResizedCrop", options, ["scale", "ratio"]);
  const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = options;
  heightAndWidth("randomResizedCrop", size);
  checkRange("randomResizedCrop", "scale", scale, 0, Infinity);
  checkRange("randomResizedCrop", "ratio", ratio, 0, Infinity);
  return (image, rng) => {
    const [rows, columns] = sizesOf("randomResizedCrop", image);
    return resizeImage(cropImage(image, randomBox(rows, columns, scale, ratio, rng)), size);
  };
}

function randomBox(rows: number, columns: number, scale: Interval, ratio: Interval, rng: Rng): ImageBox {
  for (let attempt = 0; attempt < 10; attempt++) {
    const [width, height] = randomSides(rows * columns, scale, ratio, rng);
    if (width > 0 && width <= columns && height > 0 && height <= rows) {
      const top = drawInteger(0, rows - height + 1, rng);
      return { top, left: drawInteger(0, columns - width + 1, rng), height, width };
    }
  }
  const [low, high] = ratio;
  const proportion = columns / rows;
  const height = proportion < low ? roundHalfEven(columns / low) : rows;
  const width = proportion > high ? roundHalfEven(rows * high) : columns;
  return { top: (rows - height) >> 1, left: (columns - width) >> 1, height, width };
}
