// Convolution and pooling by their definitions, in 64 bits: what the kernels must agree with.

/** How a window moves along one axis. */
export interface Axis {
  readonly size: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

export const outputSize = ({ size, filter, stride, dilation, before, after }: Axis): number =>
  Math.floor((size + before + after - dilation * (filter - 1) - 1) / stride) + 1;

/** Calls `visit` for each index of the window and each number under it. */
export function windows(
  axes: readonly Axis[],
  visit: (output: number, input: number, tap: number) => void,
  output = 0,
  input = 0,
  tap = 0,
): void {
  const [axis, ...others] = axes;
  if (axis === undefined) {
    visit(output, input, tap);
    return;
  }
  for (let o = 0; o < outputSize(axis); o++) {
    for (let f = 0; f < axis.filter; f++) {
      const i = o * axis.stride + f * axis.dilation - axis.before;
      if (i < 0 || i >= axis.size) continue;
      windows(others, visit, output * outputSize(axis) + o, input * axis.size + i, tap * axis.filter + f);
    }
  }
}

/** A sum of products, and the sum of their absolute values: errors of 32 bits are in proportion to the latter. */
export interface Sums {
  readonly values: Float64Array;
  readonly magnitudes: Float64Array;
}

const sums = (size: number): Sums => ({ values: new Float64Array(size), magnitudes: new Float64Array(size) });

function add({ values, magnitudes }: Sums, at: number, term: number): void {
  values[at] = (values[at] as number) + term;
  magnitudes[at] = (magnitudes[at] as number) + Math.abs(term);
}

/** A convolution and its gradients. */
export interface Convolution {
  readonly y: Sums;
  readonly dx: Sums;
  readonly dw: Sums;
}

/** What is to be convolved: numbers `[batch, …, channel]`, `[…, inChannel, outChannel]` and `[batch, …, channel]`. */
export interface Operands {
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly dy: Float32Array;
}

const number = (numbers: Float32Array, at: number) => numbers[at] as number;

/** Depthwise, where `outChannels` counts the filters of each channel. */
export function convolution(
  { x, w, dy }: Operands,
  batch: number,
  axes: readonly Axis[],
  inChannels: number,
  outChannels: number,
  depthwise = false,
): Convolution {
  const inSize = axes.reduce((size, axis) => size * axis.size, 1);
  const outSize = axes.reduce((size, axis) => size * outputSize(axis), 1);
  const result = { y: sums(dy.length), dx: sums(x.length), dw: sums(w.length) };
  const all = depthwise ? inChannels * outChannels : outChannels;
  windows(axes, (output, input, tap) => {
    for (let n = 0; n < batch; n++) {
      for (let c = 0; c < inChannels; c++) {
        for (let o = 0; o < outChannels; o++) {
          const xi = (n * inSize + input) * inChannels + c;
          const yi = (n * outSize + output) * all + (depthwise ? c * outChannels + o : o);
          const wi = (tap * inChannels + c) * outChannels + o;
          add(result.y, yi, number(x, xi) * number(w, wi));
          add(result.dx, xi, number(w, wi) * number(dy, yi));
          add(result.dw, wi, number(x, xi) * number(dy, yi));
        }
      }
    }
  });
  return result;
}

/** Max pooling and its gradient, which goes to the first maximum. */
export function maxPooling(
  x: Float32Array,
  dy: Float32Array,
  batch: number,
  axes: readonly Axis[],
  channels: number,
): { readonly y: Float64Array; readonly dx: Float64Array } {
  const inSize = axes.reduce((size, axis) => size * axis.size, 1);
  const outSize = axes.reduce((size, axis) => size * outputSize(axis), 1);
  const y = new Float64Array(dy.length).fill(-Infinity);
  const where = new Int32Array(dy.length).fill(-1);
  windows(axes, (output, input) => {
    for (let n = 0; n < batch; n++) {
      for (let c = 0; c < channels; c++) {
        const yi = (n * outSize + output) * channels + c;
        const xi = (n * inSize + input) * channels + c;
        if (where[yi] !== -1 && !(number(x, xi) > (y[yi] as number))) continue;
        y[yi] = number(x, xi);
        where[yi] = xi;
      }
    }
  });
  const dx = new Float64Array(x.length);
  for (const [yi, xi] of where.entries()) if (xi !== -1) dx[xi] = (dx[xi] as number) + number(dy, yi);
  return { y, dx };
}
