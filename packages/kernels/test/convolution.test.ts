import { useBackend } from "@pellucid/backends";
import {
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  Conv3DBackpropInputV2,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  dispose,
  tensor,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Axis, convolution, type Operands, outputSize, type Sums } from "./definition.ts";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

interface Case {
  readonly batch: number;
  readonly axes: readonly Axis[];
  readonly inChannels: number;
  readonly outChannels: number;
}

const name = ({ batch, axes, inChannels, outChannels }: Case) =>
  `${batch} × ${axes.map((a) => a.size).join("×")}×${inChannels} → ${outChannels}, ` +
  axes.map((a) => `k${a.filter} s${a.stride} d${a.dilation} p${a.before},${a.after}`).join(" | ");

const axis = (size: number, filter: number, stride = 1, dilation = 1, before = 0, after = before): Axis => ({
  size,
  filter,
  stride,
  dilation,
  before,
  after,
});

/** Cases that a network has, cases at the edge, and many drawn ones. */
const cases: Case[] = [
  { batch: 2, axes: [axis(28, 5), axis(28, 5)], inChannels: 1, outChannels: 10 },
  { batch: 2, axes: [axis(12, 5), axis(12, 5)], inChannels: 10, outChannels: 20 },
  { batch: 1, axes: [axis(16, 3, 2, 1, 1), axis(16, 3, 2, 1, 1)], inChannels: 16, outChannels: 32 },
  { batch: 1, axes: [axis(20, 7, 2, 1, 3), axis(20, 7, 2, 1, 3)], inChannels: 3, outChannels: 16 },
  { batch: 3, axes: [axis(7, 1), axis(7, 1)], inChannels: 33, outChannels: 17 },
  { batch: 2, axes: [axis(9, 1, 2), axis(9, 1, 2)], inChannels: 8, outChannels: 12 },
  { batch: 1, axes: [axis(1, 1), axis(1, 1)], inChannels: 1, outChannels: 1 },
  { batch: 1, axes: [axis(1, 3, 1, 1, 1), axis(1, 3, 1, 1, 1)], inChannels: 5, outChannels: 3 },
  { batch: 70, axes: [axis(1, 1), axis(2, 2)], inChannels: 6, outChannels: 9 },
  { batch: 1, axes: [axis(1, 1), axis(30, 3, 1, 4, 8, 0)], inChannels: 4, outChannels: 4 },
  { batch: 1, axes: [axis(5, 1, 1, 1, 2), axis(5, 2, 3, 1, 4)], inChannels: 2, outChannels: 2 },
];
const draw = draws(1);
while (cases.length < 90) {
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

function operands({ batch, axes, inChannels, outChannels }: Case, depthwise: boolean): Operands & Shapes {
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

const attributesOf = ({ axes }: Case) => ({
  strides: axes.map((a) => a.stride),
  dilations: axes.map((a) => a.dilation),
  pad: [[0, 0], ...axes.map((a) => [a.before, a.after]), [0, 0]],
  dimRoundingMode: "floor",
  dataFormat: "NHWC",
});

/** As near as 32 bits are: the error of a sum is in proportion to the absolute values of its terms. */
function expectSums(actual: number[], { values, magnitudes }: Sums) {
  expect(actual).toHaveLength(values.length);
  const far = actual.findIndex(
    (n, i) => !(Math.abs(n - (values[i] as number)) <= 1e-6 * (magnitudes[i] as number)),
  );
  expect(far === -1 ? "all are near" : `[${far}] is ${actual[far]}, expected ${values[far]}`).toBe(
    "all are near",
  );
}

describe("convolution and its gradients agree with their definition", () => {
  test.each(cases.map((c) => [name(c), c] as const))("%s", (_, c) => {
    const { shapes, ...numbers } = operands(c, false);
    const { y, dx, dw } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels);
    const attributes = attributesOf(c);
    const x = tensor(numbers.x, shapes.x);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    expectSums(runKernel(Conv2D, { x, filter }, attributes), y);
    expectSums(runKernel(Conv2DBackpropFilter, { x, dy }, { ...attributes, filterShape: shapes.w }), dw);
    expectSums(runKernel(Conv2DBackpropInput, { dy, filter }, { ...attributes, inputShape: shapes.x }), dx);
    dispose([x, filter, dy]);
  });
});

describe("the gradients of depthwise convolution agree with their definition", () => {
  const multiplied = cases.map((c, i) => ({ ...c, outChannels: [1, 1, 2, 3][i % 4] as number }));
  test.each(multiplied.map((c) => [name(c), c] as const))("%s", (_, c) => {
    const { shapes, ...numbers } = operands(c, true);
    const { dx, dw } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels, true);
    const attributes = attributesOf(c);
    const x = tensor(numbers.x, shapes.x);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    const filterShape = shapes.w;
    expectSums(runKernel(DepthwiseConv2dNativeBackpropFilter, { x, dy }, { ...attributes, filterShape }), dw);
    const inputShape = shapes.x;
    expectSums(
      runKernel(DepthwiseConv2dNativeBackpropInput, { dy, filter }, { ...attributes, inputShape }),
      dx,
    );
    dispose([x, filter, dy]);
  });
});

describe("the gradient of convolution over volumes at its input agrees with its definition", () => {
  const volumes = cases.slice(0, 40).map((c, i) => {
    const side = (size: number, filter: number, stride: number, dilation: number) =>
      axis(Math.max(size, dilation * (filter - 1) + 1), filter, stride, dilation);
    const [height, width] = c.axes.map((a) => side(Math.min(a.size, 9), a.filter, a.stride, a.dilation));
    const depth = side(1 + (i % 5), 1 + (i % 3), 1 + (i % 2), 1 + ((i >> 1) % 2));
    return { ...c, batch: 1 + (i % 2), axes: [depth, height as Axis, width as Axis] };
  });
  test.each(volumes.map((c) => [name(c), c] as const))("%s", (_, c) => {
    const { shapes, ...numbers } = operands(c, false);
    const { dx } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    const attributes = { ...attributesOf(c), pad: "valid", inputShape: shapes.x };
    expectSums(runKernel(Conv3DBackpropInputV2, { dy, filter }, attributes), dx);
    dispose([filter, dy]);
  });

  test("padded as tfjs pads: 'same'", () => {
    const c = {
      batch: 1,
      axes: [axis(3, 2, 1, 1, 0, 1), axis(4, 3, 2, 1, 0, 1), axis(5, 3, 2, 1, 1)],
      inChannels: 3,
      outChannels: 2,
    };
    const { shapes, ...numbers } = operands(c, false);
    const { dx } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    const attributes = { strides: [1, 2, 2], pad: "same", inputShape: shapes.x };
    expectSums(runKernel(Conv3DBackpropInputV2, { dy, filter }, attributes), dx);
    dispose([filter, dy]);
  });
});
