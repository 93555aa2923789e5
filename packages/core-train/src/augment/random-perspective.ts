import { OptionError } from "../option-error.ts";
import type { Augmentation } from "./augmentation.ts";
import { drawBoolean, drawInteger } from "./draw-number.ts";
import { checkProbability } from "./check-option.ts";
import { sizesOf } from "./image.ts";
import { type ImageCorners, perspectiveImage, type ImagePoint } from "./perspective-image.ts";
import type { WarpOptions } from "./warp-image.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomPerspective}. */
export interface RandomPerspectiveOptions extends WarpOptions {
  /** How far the corners move at most, from 0, not at all, to 1, to the middle. Default: 0.5. */
  readonly distortionScale?: number;
  /** How often. Default: 0.5. */
  readonly p?: number;
}

/** Shows some images from aside, torchvision's `RandomPerspective`. */
export function randomPerspective(options: RandomPerspectiveOptions = {}): Augmentation {
  checkOptions("randomPerspective", options, ["distortionScale", "p", "interpolation", "fill"]);
  const { distortionScale = 0.5, p = 0.5, ...warpOptions } = options;
  checkProbability("randomPerspective", p);
  if (!(distortionScale >= 0 && distortionScale <= 1)) {
    throw new OptionError("randomPerspective", "distortionScale", distortionScale, "0 to 1");
  }
  return (image, rng) => {
    const [height, width] = sizesOf("randomPerspective", image);
    if (!drawBoolean(p, rng)) return image;
    const reachX = Math.trunc(distortionScale * (width >> 1)) + 1;
    const reachY = Math.trunc(distortionScale * (height >> 1)) + 1;
    const low = (reach: number) => drawInteger(0, reach, rng);
    const high = (reach: number, size: number) => drawInteger(size - reach, size, rng);
    const topLeft: ImagePoint = [low(reachX), low(reachY)];
    const topRight: ImagePoint = [high(reachX, width), low(reachY)];
    const bottomRight: ImagePoint = [high(reachX, width), high(reachY, height)];
    const bottomLeft: ImagePoint = [low(reachX), high(reachY, height)];
    const corners: ImageCorners = [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ];
    const moved: ImageCorners = [topLeft, topRight, bottomRight, bottomLeft];
    return perspectiveImage(image, corners, moved, { fill: 0, ...warpOptions });
  };
}
