import type { Draw } from "./case.ts";
import { at, build, type Nd, total } from "./nd.ts";

/** How a window moves along one axis. */
interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly output: number;
}

export type Padding = "valid" | "same" | number;

function axisOf(size: number, kernel: number, stride: number, dilation: number, pad: Padding): Axis {
  const span = dilation * (kernel - 1) + 1;
  if (pad === "same") {
    const output = Math.ceil(size / stride);
    const zeros = Math.max(0, (output - 1) * stride + span - size);
    return { size, kernel, stride, dilation, before: Math.floor(zeros / 2), output };
  }
  const zeros = pad === "valid" ? 0 : pad;
  return {
    size,
    kernel,
    stride,
    dilation,
    before: zeros,
    output: Math.floor((size + 2 * zeros - span) / stride) + 1,
  };
}

/** What there is to say of a window, along all axes. */
export interface Window {
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad?: Padding;
}

/** How it moves along each. */
export const axesOf = (
  sizes: readonly number[],
  kernels: readonly number[],
  { stride = 1, dilation = 1, pad = "valid" }: Window,
) => sizes.map((size, i) => axisOf(size, kernels[i] as number, stride, dilation, pad));

/** Where a tap of it looks. */
export const seen = (axes: readonly Axis[], output: readonly number[], tap: readonly number[]) =>
  axes.map(
    ({ stride, dilation, before }, i) =>
      (output[i] as number) * stride + (tap[i] as number) * dilation - before,
  );

/** The sum of what it sees, weighted. */
export function convolution(x: Nd, filter: Nd, window: Window, depthwise = false): Nd {
  const rank = x.shape.length - 2;
  const [inside, out] = filter.shape.slice(-2) as [number, number];
  const axes = axesOf(x.shape.slice(1, -1), filter.shape, window);
  const taps = axes.map(({ kernel }) => kernel);
  const channels = depthwise ? inside * out : out;
  return build([x.shape[0] as number, ...axes.map(({ output }) => output), channels], (index) => {
    const [batch, channel] = [index[0] as number, index.at(-1) as number];
    const position = index.slice(1, -1);
    if (depthwise) {
      const c = Math.floor(channel / out);
      return total(
        taps,
        (...tap) => at(x, [batch, ...seen(axes, position, tap), c]) * at(filter, [...tap, c, channel % out]),
      );
    }
    return total([...taps, inside], (...tap) => {
      const c = tap[rank] as number;
      return (
        at(x, [batch, ...seen(axes, position, tap.slice(0, rank)), c]) *
        at(filter, [...tap.slice(0, rank), c, channel])
      );
    });
  });
}

/** The transposed convolution: each number of `dy` goes to where a window took its numbers from. */
export function transposed(dy: Nd, filter: Nd, shape: readonly number[], window: Window): Nd {
  const axes = axesOf(shape.slice(1, -1), filter.shape, window);
  const taps = axes.map(({ kernel }) => kernel);
  const [, outside] = filter.shape.slice(-2) as [number, number];
  return build(shape, (index) => {
    const position = index.slice(1, -1);
    return total([...axes.map(({ output }) => output), ...taps, outside], (...all) => {
      const [output, tap] = [all.slice(0, axes.length), all.slice(axes.length, -1)];
      if (seen(axes, output, tap).some((i, axis) => i !== position[axis])) return 0;
      const o = all.at(-1) as number;
      return at(dy, [index[0] as number, ...output, o]) * at(filter, [...tap, index.at(-1) as number, o]);
    });
  });
}

/** A function of what it sees. */
export function pooling(
  x: Nd,
  kernels: readonly number[],
  window: Window,
  f: (numbers: number[]) => number,
): Nd {
  const axes = axesOf(x.shape.slice(1, -1), kernels, window);
  return build(
    [x.shape[0] as number, ...axes.map(({ output }) => output), x.shape.at(-1) as number],
    (index) => {
      const numbers = build(kernels, (tap) =>
        at(
          x,
          [index[0] as number, ...seen(axes, index.slice(1, -1), tap), index.at(-1) as number],
          Number.NaN,
        ),
      );
      return f([...numbers.data].filter((n) => !Number.isNaN(n)));
    },
  );
}

export const largest = (numbers: number[]) => Math.max(...numbers);
export const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** Shapes of images. */
export const images = (draw: Draw, low: number, high: number, channels = draw.size(1, 3)) => [
  draw.size(1, 2),
  draw.size(low, high),
  draw.size(low, high),
  channels,
];
