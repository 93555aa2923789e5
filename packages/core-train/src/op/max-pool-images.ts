import {
  add,
  engine,
  equal,
  expandDims,
  fill,
  gather,
  isNaN,
  maximum,
  MaxPool,
  mul,
  pad,
  range,
  reshape,
  scalar,
  scatterND,
  stridedSlice,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { traceable } from "../trace/traceable.ts";
import { noGrad } from "../no-grad.ts";
import { defineOp } from "./define-op.ts";
import type { Extremes } from "./max.ts";
import type { PoolAxis } from "./pool-window.ts";

type Sides = readonly [before: number, after: number];

/** The layout of the windows over height and width, with tfjs' names, so that its kernels accept it. */
interface MaxWindow {
  readonly filterSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** `[[0, 0], [top, bottom], [left, right], [0, 0]]`, of −∞. */
  readonly pad: readonly [Sides, Sides, Sides, Sides];
  readonly dilations: readonly [number, number];
}

// Three ops: the maximum of each window; its gradient, which scatters to the first maximum of each window; and the
// gradient of that, which gathers from there. The last two are each other's gradient, to any order.

export const dilatedPooling = maxPoolNamed("PellucidDilatedMaxPool2d", shifted);

// Without dilation tfjs' kernels are used, except that WASM's leaves the output of 1 x 1 windows uninitialized.
export const densePooling = maxPoolNamed("PellucidMaxPool2d", (x, window) => {
  const { filterSize, strides, pad: padding } = window;
  if (filterSize[0] * filterSize[1] === 1) return shifted(x, window);
  const attributes = {
    filterSize: [...filterSize],
    strides: [...strides],
    pad: padding.map((sides) => [...sides]),
  };
  return engine().runKernel(MaxPool, { x }, attributes) as Tensor4D;
});

type Axes = readonly [vertical: PoolAxis, horizontal: PoolAxis];

/** The maximum over windows of `[batch, height, width, channel]`. */
export function maxPoolImages(x: Tensor4D, axes: Axes): Tensor4D {
  const window = windowOf(axes);
  const { forward } = Math.max(...window.dilations) > 1 ? dilatedPooling : densePooling;
  const attributes = {
    kernel: axes.map(({ kernel }) => kernel),
    stride: axes.map(({ stride }) => stride),
    padding: axes.map(({ before }) => before),
    end: axes.map(({ end }) => end),
    dilation: axes.map(({ dilation }) => dilation),
  };
  return traceable("maxPool2d", { x }, attributes, () => forward({ x }, window));
}

/**
 * {@link maxPoolImages} with the index of each maximum in its plane, `row · width + column`, as PyTorch counts: a plane is one channel
 * of one image.
 */
export function maxPoolImagesWithIndices(x: Tensor4D, axes: Axes): Extremes<Tensor4D> {
  const values = maxPoolImages(x, axes);
  if (values.size === 0) return { values, indices: zeros(values.shape, "int32") };
  return { values, indices: noGrad(() => planeIndices(x, values, windowOf(axes))) };
}

function windowOf([vertical, horizontal]: Axes): MaxWindow {
  return {
    filterSize: [vertical.kernel, horizontal.kernel],
    strides: [vertical.stride, horizontal.stride],
    pad: [
      [0, 0],
      [vertical.before, vertical.after],
      [horizontal.before, horizontal.after],
      [0, 0],
    ],
    dilations: [vertical.dilation, horizontal.dilation],
  };
}

function maxPoolNamed<const Name extends string>(
  name: Name,
  reference: (x: Tensor4D, window: MaxWindow) => Tensor4D,
) {
  const backward = defineOp({
    name: `${name}Gradient` as const,
    caller: "maxPool2d",
    inputs: {
      dy: "float32[batch, height, width, channel]",
      input: "float32[batch, height, width, channel]",
      output: "float32[batch, height, width, channel]",
    },
    reference: ({ dy, input, output }, window: MaxWindow): Tensor4D => {
      if (dy.size === 0) return zeros(input.shape);
      const from = flatIndices(input, output, window);
      return reshape(scatterND(expandDims(from, 1), reshape(dy, [dy.size]), [input.size]), input.shape);
    },
    gradient: (ddx, { input, output }, window) => ({
      dy: (): Tensor => pick({ values: ddx, input, output }, window),
    }),
  });
  const pick = defineOp({
    name: `${name}Pick`,
    caller: "maxPool2d",
    inputs: {
      values: "float32[batch, height, width, channel]",
      input: "float32[batch, height, width, channel]",
      output: "float32[batch, height, width, channel]",
    },
    reference: ({ values, input, output }, window: MaxWindow): Tensor4D =>
      reshape(gather(reshape(values, [values.size]), flatIndices(input, output, window)), output.shape),
    gradient: (dy, { input, output }, window) => ({
      values: (): Tensor => backward({ dy, input, output }, window),
    }),
  });
  const forward = defineOp({
    name,
    caller: "maxPool2d",
    inputs: { x: "float32[batch, height, width, channel]" },
    reference: ({ x }, window: MaxWindow): Tensor4D => reference(x, window),
    gradient: (dy, { x }, window, y) => ({ x: () => backward({ dy, input: x, output: y }, window) }),
  });
  return { forward, backward };
}

/** The maximum of the input shifted to each position of the window. */
function shifted(x: Tensor4D, window: MaxWindow): Tensor4D {
  return seen(x, window)
    .map(({ values }) => values)
    .reduce((largest, values) => maximum(largest, values));
}

/** For each output, the index into the flat input of the first of the largest numbers of its window. */
function flatIndices(input: Tensor4D, output: Tensor4D, window: MaxWindow): Tensor1D {
  const [batch, height, width, channels] = input.shape;
  const image = height * width * channels;
  const starts = reshape(range(0, batch * image, image, "int32"), [batch, 1, 1, 1]);
  const channel = reshape(range(0, channels, 1, "int32"), [1, 1, 1, channels]);
  const inImage = mul(planeIndices(input, output, window), scalar(channels, "int32"));
  return reshape(add(add(inImage, starts), channel), [output.size]);
}

/** For each output, the index `row · width + column` of the first of the largest numbers of its window, or of its last NaN: int32, of the shape of the output. */
function planeIndices(input: Tensor4D, output: Tensor4D, window: MaxWindow): Tensor4D {
  const width = input.shape[2];
  const [, rows, columns] = output.shape;
  const { strides, pad: padding } = window;
  const [[top] = [0], [left] = [0]] = padding.slice(1);
  const [down, right] = [strides[0] * width, strides[1]];
  const starts = reshape(range(0, rows * down, down, "int32"), [1, rows, 1, 1]);
  const across = reshape(range(0, columns * right, right, "int32"), [1, 1, columns, 1]);
  const corner = sub(add(starts, across), scalar(top * width + left, "int32")); // [1, row, column, 1]
  // From the last position to the first, so that the first of equal maxima wins.
  const taps = seen(input, window);
  const first = taps.reduceRight<Tensor>(
    (found, { values, row, column }) =>
      where(equal(values, output), scalar(row * width + column, "int32"), found),
    fill(output.shape, 0, "int32"),
  );
  const offset = taps.reduce<Tensor>(
    (found, { values, row, column }) => where(isNaN(values), scalar(row * width + column, "int32"), found),
    first,
  );
  return add(corner, offset);
}

/** The input at each position of the window, for all windows at once, in row-major order. */
function seen(
  x: Tensor4D,
  { filterSize: [rows, columns], strides, pad: padding, dilations }: MaxWindow,
): { values: Tensor4D; row: number; column: number }[] {
  const isPadded = padding.some(([before, after]) => before + after > 0);
  const padded = isPadded
    ? pad(
        x,
        padding.map(([before, after]): [number, number] => [before, after]),
        -Infinity,
      )
    : x;
  const [batch, height, width, channels] = padded.shape;
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns) * dilations[0], (i % columns) * dilations[1]];
    const [below, right] = [(rows - 1) * dilations[0] - row, (columns - 1) * dilations[1] - column];
    const begin = [0, row, column, 0];
    const end = [batch, height - below, width - right, channels];
    return { values: stridedSlice(padded, begin, end, [1, ...strides, 1]) as Tensor4D, row, column };
  });
}
