import { ShapeError } from "../shape-error.ts";
import type { Augmentation } from "./augmentation.ts";
import { drawInteger } from "./draw-number.ts";
import { cropImage } from "./crop-image.ts";
import { type ImageSize, heightAndWidth } from "./image-size.ts";
import { sizesOf } from "./image.ts";
import { padImage, type PadImageOptions } from "./pad-image.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomCrop}. */
export interface RandomCropOptions extends PadImageOptions {
  /** How many pixels are added around the image first: on all sides, or above and below, and left and right. Default: 0. */
  readonly padding?: number | readonly [vertical: number, horizontal: number];
  /** Whether an image that is too small is padded; otherwise it is refused. Default: false. */
  readonly padIfNeeded?: boolean;
}

/** Takes a rectangle of the image from anywhere, torchvision's `RandomCrop`. */
export function randomCrop(size: ImageSize, options: RandomCropOptions = {}): Augmentation {
  checkOptions("randomCrop", options, ["padding", "padIfNeeded", "fill", "paddingMode"]);
  const { padding = 0, padIfNeeded = false, ...padOptions } = options;
  const [height, width] = heightAndWidth("randomCrop", size);
  const [vertical, horizontal] = typeof padding === "number" ? [padding, padding] : padding;
  return (image, rng) => {
    const [rows, columns] = sizesOf("randomCrop", image);
    let [top, left] = [vertical, horizontal];
    if (padIfNeeded) {
      top += Math.max(height - rows - 2 * top, 0);
      left += Math.max(width - columns - 2 * left, 0);
    }
    const [spareRows, spareColumns] = [rows + 2 * top - height, columns + 2 * left - width];
    if (spareRows < 0 || spareColumns < 0) {
      throw new ShapeError(
        `randomCrop: image is [${image.shape.join(", ")}] with padding [${top}, ${left}], expected at least [${height}, ${width}]. See padIfNeeded.`,
      );
    }
    const padded =
      top + left === 0 ? image : padImage(image, { top, bottom: top, left, right: left }, padOptions);
    const box = {
      top: spareRows > 0 ? drawInteger(0, spareRows + 1, rng) : 0,
      left: spareColumns > 0 ? drawInteger(0, spareColumns + 1, rng) : 0,
      height,
      width,
    };
    return spareRows + spareColumns === 0 ? padded : cropImage(padded, box);
  };
}
