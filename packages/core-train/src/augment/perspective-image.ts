import { ShapeError } from "../shape-error.ts";
import { type Image, sizesOf } from "./image.ts";
import { warpImage, type WarpOptions } from "./warp-image.ts";

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
  sizesOf("perspectiveImage", image);
  const [a, b, c, d, e, f, g, h] = coefficients(from, to) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
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
function coefficients(from: ImageCorners, to: ImageCorners): number[] {
  const rows = to.flatMap(([x, y], i) => {
    const [u, v] = from[i] as ImagePoint;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return solve(rows);
}

/** Solves linear equations, each a row of factors and its right side, by elimination with the largest pivot. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  const at = (i: number, j: number) => (rows[i] as number[])[j] ?? NaN;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++)
      if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    if (Math.abs(at(column, column)) < 1e-12) {
      throw new ShapeError("perspectiveImage: three of the corners lie on a line, expected a quadrilateral.");
    }
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = at(i, column) / at(column, column);
      for (let j = column; j <= size; j++) (rows[i] as number[])[j] = at(i, j) - factor * at(column, j);
    }
  }
  return rows.map((row, i) => (row[size] ?? NaN) / (row[i] ?? NaN));
}
