import { expect } from "vitest";
import { type Axis, type Operands, outputSize, type Sums } from "./definition.ts";
import { draws } from "./draw.ts";

/** A convolution to try. */
export interface Case {
  readonly batch: number;
  readonly axes: readonly Axis[];
  readonly inChannels: number;
  readonly outChannels: number;
}

export const name = ({ batch, axes, inChannels, outChannels }: Case) =>
  `${batch} × ${axes.map((a) => a.size).join("×")}×${inChannels} → ${outChannels}, ` +
  axes.map((a) => `k${a.filter} s${a.stride} d${a.dilation} p${a.before},${a.after}`).join(" | ");

export const axis = (
  size: number,
  filter: number,
  stride = 1,
  dilation = 1,
  before = 0,
  after = before,
): Axis => ({
  size,
  filter,
  stride,
  dilation,
  before,
  after,
});

/** Cases that a network has, cases at the edge, and many drawn ones. */
export const cases: Case[] = [
  { batch: 2, axes: [axis(28, 5), axis(28, 5)], inChannels: 1, outChannels: 10 },
  { batch: 2, axes: [axis(12, 5), axis(12, 5)], inChannels: 10, outChannels: 20 },
  { batch: 1, axes: [axis(16, 3, 2, 1, 1), axis(16, 3, 2, 1, 1)], inChannels: 16, outChannels: 32 },
  { batch: 1, axes: [axis(20, 7, 2, 1, 3), axis(20, 7, 2, 1, 3)], inChannels: 3, outChannels: 16 },
  { batch: 3, axes: [axis(7, 1), axis(7, 1)], inChannels: 33, outChannels: 17 },
  { batch: 2, axes: [axis(9, 1, 2), axis(9, 1, 2)], inChannels: 8, outChannels: 12 },
  { batch: 1, axes: [axis(1, 1), axis(1, 1)], inChannels: 1, outChannels: 1 },
  { batch: 1, axes: [axis(1, 3, 1, 1, 1), axis(1, 3, 1, 1, 1)], inChannels: 5, outChannels: 3 },
  { batch: 19, axes: [axis(1, 3, 1, 1, 1), axis(1, 3, 1, 1, 1)], inChannels: 13, outChannels: 21 },
  { batch: 19, axes: [axis(2, 3, 1, 1, 1), axis(2, 3, 1, 1, 1)], inChannels: 12, outChannels: 17 },
  { batch: 70, axes: [axis(2, 3, 2, 1, 1), axis(3, 3, 2, 1, 1)], inChannels: 3, outChannels: 20 },
  { batch: 5, axes: [axis(2, 5, 1, 2, 4), axis(9, 5, 3, 2, 4)], inChannels: 4, outChannels: 16 },
  { batch: 2, axes: [axis(11, 1), axis(13, 1)], inChannels: 21, outChannels: 18 },
  { batch: 70, axes: [axis(1, 1), axis(2, 2)], inChannels: 6, outChannels: 9 },
  { batch: 1, axes: [axis(1, 1), axis(30, 3, 1, 4, 8, 0)], inChannels: 4, outChannels: 4 },
  { batch: 1, axes: [axis(5, 1, 1, 1, 2), axis(5, 2, 3, 1, 4)], inChannels: 2, outChannels: 2 },
];
const draw = draws(1);
while (cases.length < 95) {
  const along = () =>
    axis(
      draw.of(1, 2, 3, 4, 5, 7, 8, 11),
      draw.of(1, 1, 2, 3, 3, 4, 5),
      draw.of(1, 1, 2, 3),
      draw.of(1, 1, 2, 3),
      draw.of(0, 0, 1, 2, 3),
      draw.of(0, 0, 1, 2, 3),
    );
  const drawn: Case = {
    batch: draw.of(1, 2, 3),
    axes: [along(), along()],
    inChannels: draw.of(1, 3, 4, 5, 8, 9, 13),
    outChannels: draw.of(1, 2, 3, 5, 8, 10, 12, 13),
  };
  if (drawn.axes.every((a) => outputSize(a) > 0)) cases.push(drawn);
}

/** Its numbers and their shapes. */
export function operands(
  { batch, axes, inChannels, outChannels }: Case,
  depthwise: boolean,
): Operands & Shapes {
  const numbers = draws(7).numbers;
  const x = [batch, ...axes.map((a) => a.size), inChannels];
  const w = [...axes.map((a) => a.filter), inChannels, outChannels];
  const dy = [batch, ...axes.map(outputSize), depthwise ? inChannels * outChannels : outChannels];
  const size = (shape: number[]) => shape.reduce((product, n) => product * n, 1);
  return { x: numbers(size(x)), w: numbers(size(w)), dy: numbers(size(dy)), shapes: { x, w, dy } };
}

interface Shapes {
  readonly shapes: { readonly x: number[]; readonly w: number[]; readonly dy: number[] };
}

/** The attributes that tfjs' kernels receive for a case. */
export const attributesOf = ({ axes }: Case) => ({
  strides: axes.map((a) => a.stride),
  dilations: axes.map((a) => a.dilation),
  pad: [[0, 0], ...axes.map((a) => [a.before, a.after]), [0, 0]],
  dimRoundingMode: "floor",
  dataFormat: "NHWC",
});

/** As near as 32 bits are: the error of a sum is in proportion to the absolute values of its terms. */
export function expectSums(actual: number[], { values, magnitudes }: Sums) {
  expect(actual).toHaveLength(values.length);
  const far = actual.findIndex(
    (n, i) => !(Math.abs(n - (values[i] as number)) <= 1e-6 * (magnitudes[i] as number)),
  );
  expect(far === -1 ? "all are near" : `[${far}] is ${actual[far]}, expected ${values[far]}`).toBe(
    "all are near",
  );
}
