import * as tf from "@tensorflow/tfjs-core";
import type { MatrixCase } from "./case.ts";
import { at, build, type Nd } from "./nd.ts";

type Sizes = [height: number, width: number];
type Kind = "bilinear" | "nearest";

/** Where in the input each output comes from, along one axis. */
function source(
  i: number,
  input: number,
  output: number,
  kind: Kind,
  aligned: boolean,
  half: boolean,
): number {
  const scale = aligned && output > 1 ? (input - 1) / (output - 1) : input / output;
  return (i + (half ? 0.5 : 0)) * scale - (half && kind === "bilinear" ? 0.5 : 0);
}

function sampled(
  x: Nd,
  n: number,
  position: [number, number],
  c: number,
  kind: Kind,
  aligned: boolean,
): number {
  const [height, width] = x.shape.slice(1) as [number, number];
  const clamp = (i: number, size: number) => Math.min(size - 1, Math.max(0, i));
  const number = (i: number, j: number) => at(x, [n, clamp(i, height), clamp(j, width), c]);
  const [y, z] = position;
  if (kind === "nearest") {
    const round = aligned ? Math.round : Math.floor;
    return number(round(y), round(z));
  }
  const [i, j] = [Math.floor(y), Math.floor(z)];
  const [a, b] = [y - i, z - j];
  const upper = (1 - b) * number(i, j) + b * number(i, j + 1);
  const lower = (1 - b) * number(i + 1, j) + b * number(i + 1, j + 1);
  return (1 - a) * upper + a * lower;
}

const sizes: [string, Sizes, boolean, boolean][] = [
  ["larger", [7, 9], false, false],
  ["smaller", [2, 3], false, false],
  ["larger, corners aligned", [6, 5], true, false],
  ["larger, half-pixel centers", [5, 7], false, true],
  ["smaller, half-pixel centers", [2, 3], false, true],
];

const resizing = sizes.flatMap(([name, size, aligned, half]) =>
  (["bilinear", "nearest"] as const).map((kind): MatrixCase => ({
    name: `resize ${kind}, ${name}`,
    operands: (draw) => [draw.uniform([2, 3, 5, draw.size(1, 2)])],
    run: (x) =>
      kind === "bilinear"
        ? tf.image.resizeBilinear(x as tf.Tensor4D, size, aligned, half)
        : tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, aligned, half),
    define: (x) => {
      const [, height, width, channels] = x.shape as [number, number, number, number];
      return build([2, ...size, channels], ([n, i, j, c]) => {
        const y = source(i as number, height, size[0], kind, aligned, half);
        const z = source(j as number, width, size[1], kind, aligned, half);
        return sampled(x, n as number, [y, z], c as number, kind, aligned);
      });
    },
    second: name !== "smaller, half-pixel centers" && kind === "bilinear",
  })),
);

const boxes: Nd = {
  shape: [3, 4],
  data: Float64Array.of(0.1, 0.2, 0.83, 0.74, 0, 0.31, 0.62, 0.9, 0.45, 0.15, 0.7, 0.57).map(Math.fround),
};
const owners: Nd = { shape: [3], data: Float64Array.of(1, 0, 1) };

const cropping = (["bilinear", "nearest"] as const).map((kind): MatrixCase => ({
  name: `cropAndResize, ${kind}`,
  operands: (draw) => [draw.uniform([2, 4, 5, draw.size(1, 2)])],
  run: (x) =>
    tf.image.cropAndResize(
      x as tf.Tensor4D,
      tf.tensor2d(Float32Array.from(boxes.data), [3, 4]),
      tf.tensor1d([1, 0, 1], "int32"),
      [3, 2],
      kind,
    ),
  define: (x) => {
    const [, height, width, channels] = x.shape as [number, number, number, number];
    return build([3, 3, 2, channels], ([box, i, j, c]) => {
      const [top, left, bottom, right] = [0, 1, 2, 3].map((k) => at(boxes, [box as number, k])) as [
        number,
        number,
        number,
        number,
      ];
      const y = (top + ((bottom - top) * (i as number)) / 2) * (height - 1);
      const z = (left + (right - left) * (j as number)) * (width - 1);
      return sampled(x, at(owners, [box as number]), [y, z], c as number, kind, true);
    });
  },
  second: kind === "bilinear",
}));

/** Resizing and cropping. */
export const images: readonly MatrixCase[] = [...resizing, ...cropping];
