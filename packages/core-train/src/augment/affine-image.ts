import { OptionError } from "../option-error.ts";
import { type Image, sizesOf } from "./image.ts";
import { warpImage, type WarpOptions } from "./warp-image.ts";
import { checkOptions } from "../check-options.ts";

/** A turn, a shift, a scaling and a shear, in this order of reading. */
export interface AffineParameters {
  /** Degrees, clockwise. Default: 0. */
  readonly angle?: number;
  /** To the right and down, in pixels. Default: none. */
  readonly translate?: readonly [x: number, y: number];
  /** Default: 1. */
  readonly scale?: number;
  /** Degrees along x and along y: the image becomes a parallelogram. Default: none. */
  readonly shear?: readonly [x: number, y: number];
}

/** Options for {@link affineImage}. */
export interface AffineImageOptions extends AffineParameters, WarpOptions {
  /** What stays in place, in pixels from the top left corner. Default: the middle. */
  readonly center?: readonly [x: number, y: number];
}

/** An image turned, shifted, scaled and sheared, torchvision's `affine`. */
export function affineImage(image: Image, options: AffineImageOptions): Image {
  checkOptions("affineImage", options, [
    "angle",
    "translate",
    "scale",
    "shear",
    "center",
    "interpolation",
    "fill",
  ]);
  const { scale = 1, center, ...warpOptions } = options;
  const [height, width] = sizesOf("affineImage", image);
  if (!(scale > 0)) throw new OptionError("affineImage", "scale", scale, "a number above 0");
  const fixed: readonly [number, number] =
    center === undefined ? [0, 0] : [center[0] - width / 2, center[1] - height / 2];
  const [a, b, c, d, e, f] = inverseAffine(options, fixed);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  return warpImage(
    "affineImage",
    image,
    (x, y, at) => {
      const [fromX, fromY] = [x - middleX, y - middleY];
      at.x = a * fromX + b * fromY + c + middleX;
      at.y = d * fromX + e * fromY + f + middleY;
    },
    warpOptions,
  );
}

/**
 * The matrix from the places of the new image to those of the old, around the middle: `C (R S K)⁻¹ C⁻¹ T⁻¹` with the turn `R`,
 * the scaling `S`, the shears `K`, the shift `T`, and `C` that of the fixed point.
 */
function inverseAffine(
  { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0] }: AffineParameters,
  [centerX, centerY]: readonly [number, number],
): readonly [number, number, number, number, number, number] {
  const [turn, shearX, shearY] = [angle, ...shear].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  // R K, whose determinant is 1
  const a = Math.cos(turn - shearY) / Math.cos(shearY);
  const b = -(a * Math.tan(shearX) + Math.sin(turn));
  const c = Math.sin(turn - shearY) / Math.cos(shearY);
  const d = Math.cos(turn) - c * Math.tan(shearX);
  const [toX, toY] = [centerX + translate[0], centerY + translate[1]];
  const [xx, xy, yx, yy] = [d / scale, -b / scale, -c / scale, a / scale];
  return [xx, xy, centerX - xx * toX - xy * toY, yx, yy, centerY - yx * toX - yy * toY];
}
