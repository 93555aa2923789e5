import type { Augmentation } from "./augmentation.ts";
import { drawInteger } from "./draw-number.ts";
import { eraseImage } from "./erase-image.ts";
import type { ImageFill } from "./fill.ts";
import { type ImageSize, heightAndWidth } from "./image-size.ts";
import { sizesOf } from "./image.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link cutout}. */
export interface CutoutOptions {
  /** What is there instead. Default: 0. */
  readonly fill?: ImageFill;
}

/**
 * Cuts a rectangle of fixed size out of the image, with its middle at any pixel, so that it may stick out. Not part of
 * torchvision. DeVries and Taylor, 2017, section 3.2. https://arxiv.org/abs/1708.04552
 */
export function cutout(size: ImageSize, options: CutoutOptions = {}): Augmentation {
  checkOptions("cutout", options, ["fill"]);
  const { fill = 0 } = options;
  const [height, width] = heightAndWidth("cutout", size);
  return (image, rng) => {
    const [rows, columns] = sizesOf("cutout", image);
    const top = drawInteger(0, rows, rng) - (height >> 1);
    const left = drawInteger(0, columns, rng) - (width >> 1);
    return eraseImage(image, { top, left, height, width }, fill);
  };
}
