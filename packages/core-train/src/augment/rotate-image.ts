import { affineImage } from "./affine-image.ts";
import type { Image } from "./image.ts";
import type { WarpOptions } from "./warp-image.ts";
import { checkFinite } from "../check-values.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link rotateImage}. */
export interface RotateImageOptions extends WarpOptions {
  /** What stays in place, in pixels from the top left corner. Default: the middle. */
  readonly center?: readonly [x: number, y: number];
}

/** An image turned, torchvision's `rotate`; what leaves the frame is lost. @param angle degrees, counter-clockwise */
export function rotateImage(image: Image, angle: number, options: RotateImageOptions = {}): Image {
  checkOptions("rotateImage", options, ["center", "interpolation", "fill"]);
  checkFinite("rotateImage", { angle });
  return affineImage(image, { ...options, angle: -angle });
}
