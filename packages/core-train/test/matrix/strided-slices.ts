import * as tf from "@tensorflow/tfjs-core";
import type { MatrixCase } from "./case.ts";
import { at, build } from "./nd.ts";

const ranges: [string, number[], [number, number, number][]][] = [
  [
    "with steps",
    [5, 6],
    [
      [1, 5, 2],
      [0, 6, 3],
    ],
  ],
  [
    "backward",
    [4, 5],
    [
      [3, -5, -1],
      [4, 0, -2],
    ],
  ],
  [
    "of rank 4",
    [2, 5, 4, 2],
    [
      [0, 2, 1],
      [0, 5, 2],
      [1, 4, 2],
      [1, 2, 1],
    ],
  ],
];

const strided = ranges.map(([name, shape, axes]): MatrixCase => ({
  name: `stridedSlice ${name}`,
  operands: (draw) => [draw.uniform(shape)],
  run: (x) =>
    tf.stridedSlice(
      x,
      axes.map(([start]) => start),
      axes.map(([, end]) => end),
      axes.map(([, , step]) => step),
    ),
  define: (x) => {
    const ranges = axes.map(([start, end, step], axis) => {
      const last = end < 0 ? Math.max(end + (shape[axis] as number), -1) : end;
      return Array.from({ length: Math.ceil((last - start) / step) }, (_, i) => start + i * step);
    });
    return build(
      ranges.map(({ length }) => length),
      (index) =>
        at(
          x,
          index.map((i, axis) => ranges[axis]?.[i] as number),
        ),
    );
  },
  second: name === "with steps",
}));

/** `stridedSlice`. */
export const stridedSlices: readonly MatrixCase[] = [
  ...strided,
  {
    name: "stridedSlice with masks",
    operands: (draw) => [draw.uniform([3, 4, 5])],
    run: (x) => tf.stridedSlice(x, [1, 0, 1], [2, 0, 5], [1, 1, 2], 0, 2, 0, 0, 1),
    define: (x) => build([4, 2], ([i, j]) => at(x, [1, i as number, 1 + 2 * (j as number)])),
  },
];
