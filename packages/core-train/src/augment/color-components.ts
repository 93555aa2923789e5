import { ShapeError } from "../shape-error.ts";
import { type Image, sizesOf } from "./image.ts";
import { checkArguments } from "../check-arguments.ts";

/** A color, or a direction among colors. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The directions in which colors differ most, from the widest on, and their variances. */
export interface ColorComponents {
  readonly values: Rgb;
  /** Of length 1, at right angles; the sign is such that the largest entry is positive. */
  readonly vectors: readonly [Rgb, Rgb, Rgb];
}

/** The principal components of all pixels' colors, for {@link pcaColor}. @param images in red, green and blue */
export function colorComponents(images: Iterable<Image>): ColorComponents {
  checkArguments("colorComponents", { iterable: { images } });
  return principalAxes(covariance(images));
}

/** The covariance of red, green and blue, found around the first pixel so that no digits are lost. */
function covariance(images: Iterable<Image>): number[][] {
  const sums = [0, 0, 0];
  const products = sums.map(() => [0, 0, 0]);
  let origin: readonly number[] | null = null;
  let count = 0;
  for (const image of images) {
    if (sizesOf("colorComponents", image)[2] !== 3) {
      throw new ShapeError(
        `colorComponents: image is [${image.shape.join(", ")}], expected [height, width, 3].`,
      );
    }
    for (let i = 0; i < image.data.length; i += 3) {
      const color = [...image.data.subarray(i, i + 3)];
      origin ??= [...color];
      for (let c = 0; c < 3; c++) color[c] = (color[c] ?? NaN) - (origin[c] ?? NaN);
      count++;
      for (const [c, x] of color.entries()) {
        sums[c] = (sums[c] ?? NaN) + x;
        const row = products[c] as number[];
        for (const [d, y] of color.entries()) row[d] = (row[d] ?? NaN) + x * y;
      }
    }
  }
  if (count === 0) throw new ShapeError("colorComponents: there are no pixels, expected some images.");
  const mean = sums.map((sum) => sum / count);
  return products.map((row, c) => row.map((sum, d) => sum / count - (mean[c] ?? NaN) * (mean[d] ?? NaN)));
}

/** The eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations. */
function principalAxes(matrix: number[][]): ColorComponents {
  const at = (m: number[][], i: number, j: number) => (m[i] as number[])[j] ?? NaN;
  const axes = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
  for (let sweep = 0; sweep < 30; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (at(matrix, p, q) === 0) continue;
      const angle = 0.5 * Math.atan2(2 * at(matrix, p, q), at(matrix, q, q) - at(matrix, p, p));
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const turn = (m: number[][], first: readonly [number, number], second: readonly [number, number]) => {
        const [a, b] = [at(m, ...first), at(m, ...second)];
        (m[first[0]] as number[])[first[1]] = cos * a - sin * b;
        (m[second[0]] as number[])[second[1]] = sin * a + cos * b;
      };
      for (let k = 0; k < 3; k++) turn(matrix, [k, p], [k, q]);
      for (let k = 0; k < 3; k++) turn(matrix, [p, k], [q, k]);
      for (let k = 0; k < 3; k++) turn(axes, [p, k], [q, k]);
    }
  }
  const found = axes.map((axis, i) => ({ value: at(matrix, i, i), vector: upright(axis) }));
  found.sort((a, b) => b.value - a.value);
  const [first, second, third] = found as [(typeof found)[0], (typeof found)[0], (typeof found)[0]];
  return {
    values: [first.value, second.value, third.value],
    vectors: [first.vector, second.vector, third.vector],
  } as ColorComponents;
}

function upright(axis: readonly number[]): Rgb {
  const largest = axis.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best));
  const [red, green, blue] = axis.map((x) => (largest < 0 ? -x : x));
  return [red as number, green as number, blue as number];
}
