import { OptionError } from "../option-error.ts";
import { type AffineImageOptions, affineImage } from "./affine-image.ts";
import type { Augmentation } from "./augmentation.ts";
import { drawUniform } from "./draw-number.ts";
import { degreesOf } from "./degrees.ts";
import { sizesOf } from "./image.ts";
import type { Interval } from "./random-sides.ts";
import { roundHalfEven } from "../round-half-even.ts";
import type { WarpOptions } from "./warp-image.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomAffine}. */
export interface RandomAffineOptions extends WarpOptions {
  /** How far at most, as parts of width and height. Default: not at all. */
  readonly translate?: readonly [x: number, y: number];
  /** Default: not at all. */
  readonly scale?: Interval;
  /** Degrees along x, and along y; a number is how far to both sides. Default: not at all. */
  readonly shear?: number | Interval | readonly [x: Interval, y: Interval];
  /** What stays in place, in pixels from the top left corner. Default: the middle. */
  readonly center?: readonly [x: number, y: number];
}

/**
 * Turns, shifts, scales and shears the image at random, torchvision's `RandomAffine`.
 *
 * @param degrees from where to where, clockwise, or how far at most to both sides
 */
export function randomAffine(degrees: number | Interval, options: RandomAffineOptions = {}): Augmentation {
  checkOptions("randomAffine", options, ["translate", "scale", "shear", "center", "interpolation", "fill"]);
  const { translate, scale, shear, ...rest } = options;
  const turns = degreesOf("randomAffine", "degrees", degrees);
  const shears = shear === undefined ? [] : bothShears(shear);
  for (const part of translate ?? []) {
    if (!(part >= 0 && part <= 1))
      throw new OptionError("randomAffine", "translate", translate, "parts from 0 to 1");
  }
  if (scale !== undefined && !(scale[0] > 0 && scale[0] <= scale[1])) {
    throw new OptionError("randomAffine", "scale", scale, "two rising numbers above 0");
  }
  return (image, rng) => {
    const [height, width] = sizesOf("randomAffine", image);
    const within = (part: number, size: number) =>
      roundHalfEven(drawUniform([-part * size, part * size], rng));
    const angle = drawUniform(turns, rng);
    const shift = translate === undefined ? 0 : within(translate[0], width);
    const drop = translate === undefined ? 0 : within(translate[1], height);
    const factor = scale === undefined ? 1 : drawUniform(scale, rng);
    const [shearX = 0, shearY = 0] = shears.map((range) => drawUniform(range, rng));
    const drawn: AffineImageOptions = {
      angle,
      translate: [shift, drop],
      scale: factor,
      shear: [shearX, shearY],
    };
    return affineImage(image, { fill: 0, ...rest, ...drawn });
  };
}

function bothShears(shear: number | Interval | readonly [x: Interval, y: Interval]): readonly Interval[] {
  if (typeof shear === "number" || typeof shear[0] === "number") {
    return [degreesOf("randomAffine", "shear", shear as number | Interval)];
  }
  return (shear as readonly Interval[]).map((range) => degreesOf("randomAffine", "shear", range));
}
