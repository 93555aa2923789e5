import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd } from "./nd.ts";

type Fill = "constant" | "reflect" | "wrap" | "nearest";

/** Where a coordinate beyond the edge is read; as `image.transform` is documented, with TensorFlow's own count of `wrap`. */
function coordinateIn(coordinate: number, size: number, mode: Fill): number {
  const clamp = (x: number) => Math.min(size - 1, Math.max(0, x));
  if (mode === "constant" || (coordinate >= 0 && coordinate <= size - 1)) return coordinate;
  if (mode === "reflect") {
    const on = ((coordinate % (2 * size)) + 2 * size) % (2 * size);
    return clamp(on < size ? on : 2 * size - 1 - on);
  }
  if (mode === "wrap") {
    const laps = (x: number) => Math.floor(x / (size - 1)) * size;
    return clamp(coordinate < 0 ? coordinate + laps(-coordinate) + size : coordinate - laps(coordinate));
  }
  return clamp(coordinate);
}

function transformed(image: Nd, transforms: Nd, bilinear: boolean, mode: Fill, fill: number): Nd {
  const [, height, width] = image.shape as [number, number, number, number];
  return build(image.shape, ([n, i, j, c]) => {
    const row = transforms.shape[0] === 1 ? 0 : (n as number);
    const weight = (k: number) => at(transforms, [row, k]);
    const affine = (k: number) => weight(k) * (j as number) + weight(k + 1) * (i as number);
    const depth = affine(6) + 1;
    const x = coordinateIn((affine(0) + weight(2)) / depth, width, mode);
    const y = coordinateIn((affine(3) + weight(5)) / depth, height, mode);
    const pixel = (y: number, x: number) => at(image, [n as number, y, x, c as number], fill);
    if (!bilinear) return pixel(Math.round(y), Math.round(x));
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const along = (row: number) => (left + 1 - x) * pixel(row, left) + (x - left) * pixel(row, left + 1);
    return (top + 1 - y) * along(top) + (y - top) * along(top + 1);
  });
}

/** Near a shift by fractions of a pixel, so that no coordinate is at an edge between pixels. */
const transforms = (draw: Draw, count: number): Operand => {
  const shift = draw.uniform([count, 2], 0.2, 0.4);
  const noise = draw.uniform([count, 8], -0.002, 0.002);
  const base = [1, 0, 0, 0, 1, 0, 0, 0];
  return build([count, 8], ([n, k]) => {
    const own = k === 2 ? at(shift, [n as number, 0]) - 2 : k === 5 ? at(shift, [n as number, 1]) + 1 : 0;
    return Math.fround((base[k as number] as number) + own + at(noise, [n as number, k as number]));
  });
};

const warps = (["constant", "reflect", "wrap", "nearest"] as const).flatMap((mode, m): MatrixCase[] =>
  ([true, false] as const).map((bilinear) => {
    const kind = bilinear ? "bilinear" : "nearest";
    const count = m % 2 === 0 ? 2 : 1;
    return {
      name: `image.transform, ${kind}, ${mode}`,
      operands: (draw) => [draw.uniform([2, 5, 6, draw.size(1, 2)]), transforms(draw, count)],
      run: (image, own) => tf.image.transform(image as tf.Tensor4D, own as tf.Tensor2D, kind, mode, 0.5),
      define: (image, own) => transformed(image, own as Nd, bilinear, mode, 0.5),
      second: bilinear && mode === "constant",
    };
  }),
);

/** What moves, turns and picks pixels. */
export const warped: readonly MatrixCase[] = [
  ...warps,
  {
    name: "image.rotateWithOffset",
    operands: (draw) => [draw.uniform([2, 5, 4, draw.size(1, 3)])],
    run: (x) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.6, 0.25, [0.4, 0.6]),
    define: (x) => {
      const [, height, width] = x.shape as [number, number, number];
      const [centerX, centerY] = [0.4 * width, 0.6 * height];
      const [sin, cos] = [Math.sin(0.6), Math.cos(0.6)];
      return build(x.shape, ([n, i, j, c]) => {
        const [right, down] = [(j as number) - centerX, (i as number) - centerY];
        const column = Math.round(right * cos - down * sin + centerX);
        const row = Math.round(right * sin + down * cos + centerY);
        return at(x, [n as number, row, column, c as number], 0.25);
      });
    },
    second: true,
  },
];
