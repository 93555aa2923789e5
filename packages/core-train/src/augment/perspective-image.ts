import { leastPivot, lu, luSolve } from "../linalg/lu.ts";
import { ShapeError } from "../shape-error.ts";
import { type Image, sizesOf } from "./image.ts";
import { warpImage, type WarpOptions } from "./warp-image.ts";
import { checkOptions } from "../check-options.ts";

/** Coordinates in an image, in pixels from the top left one. */
export type ImagePoint = readonly [x: number, y: number];

/** The corners of a quadrilateral: top left, top right, bottom right, bottom left. */
export type ImageCorners = readonly [ImagePoint, ImagePoint, ImagePoint, ImagePoint];

/** An image seen from aside, so that its points `from` come to lie at `to`, torchvision's `perspective`. */
export function perspectiveImage(
  image: Image,
  from: ImageCorners,
  to: ImageCorners,
  options: WarpOptions = {},
): Image {
  checkOptions("perspectiveImage", options, ["interpolation", "fill"]);
  sizesOf("perspectiveImage", image);
  const [a = NaN, b = NaN, c = NaN, d = NaN, e = NaN, f = NaN, g = NaN, h = NaN] = coefficients(from, to);
  return warpImage(
    "perspectiveImage",
    image,
    (column, row, at) => {
      const [x, y] = [column + 0.5, row + 0.5];
      const depth = g * x + h * y + 1;
      at.x = (a * x + b * y + c) / depth - 0.5;
      at.y = (d * x + e * y + f) / depth - 0.5;
    },
    { interpolation: "bilinear", ...options },
  );
}

/** The projective map from `to` back to `from`: eight equations for its eight numbers. */
function coefficients(from: ImageCorners, to: ImageCorners): Float32Array {
  const equations = lu(
    to.flatMap(([x, y], i) => {
      const [u, v] = from[i] as ImagePoint;
      return [
        [x, y, 1, 0, 0, 0, -u * x, -u * y],
        [0, 0, 0, x, y, 1, -v * x, -v * y],
      ];
    }),
  );
  if (!(leastPivot(equations) >= 1e-12))
    throw new ShapeError("perspectiveImage: three of the corners lie on a line, expected a quadrilateral.");
  return Float32Array.from(luSolve(equations, from.flat())); // as torchvision rounds them
}
