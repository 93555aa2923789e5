import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
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

type Padding = "valid" | "same" | number;

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

interface Window {
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad?: Padding;
}

const axesOf = (
  sizes: readonly number[],
  kernels: readonly number[],
  { stride = 1, dilation = 1, pad = "valid" }: Window,
) => sizes.map((size, i) => axisOf(size, kernels[i] as number, stride, dilation, pad));

const seen = (axes: readonly Axis[], output: readonly number[], tap: readonly number[]) =>
  axes.map(
    ({ stride, dilation, before }, i) =>
      (output[i] as number) * stride + (tap[i] as number) * dilation - before,
  );

function convolution(x: Nd, filter: Nd, window: Window, depthwise = false): Nd {
  const rank = x.shape.length - 2;
  const [inside, out] = filter.shape.slice(-2) as [number, number];
  const axes = axesOf(x.shape.slice(1, -1), filter.shape, window);
  const taps = axes.map(({ kernel }) => kernel);
  const channels = depthwise ? inside * out : out;
  return build([x.shape[0] as number, ...axes.map(({ output }) => output), channels], (index) => {
    const [batch, channel] = [index[0] as number, index.at(-1) as number];
    const place = index.slice(1, -1);
    if (depthwise) {
      const c = Math.floor(channel / out);
      return total(
        taps,
        (...tap) => at(x, [batch, ...seen(axes, place, tap), c]) * at(filter, [...tap, c, channel % out]),
      );
    }
    return total([...taps, inside], (...tap) => {
      const c = tap[rank] as number;
      return (
        at(x, [batch, ...seen(axes, place, tap.slice(0, rank)), c]) *
        at(filter, [...tap.slice(0, rank), c, channel])
      );
    });
  });
}

/** The transposed convolution: each number of `dy` goes to where a window took its numbers from. */
function transposed(dy: Nd, filter: Nd, shape: readonly number[], window: Window): Nd {
  const axes = axesOf(shape.slice(1, -1), filter.shape, window);
  const taps = axes.map(({ kernel }) => kernel);
  const [, outside] = filter.shape.slice(-2) as [number, number];
  return build(shape, (index) => {
    const place = index.slice(1, -1);
    return total([...axes.map(({ output }) => output), ...taps, outside], (...all) => {
      const [output, tap] = [all.slice(0, axes.length), all.slice(axes.length, -1)];
      if (seen(axes, output, tap).some((i, axis) => i !== place[axis])) return 0;
      const o = all.at(-1) as number;
      return at(dy, [index[0] as number, ...output, o]) * at(filter, [...tap, index.at(-1) as number, o]);
    });
  });
}

function pooling(x: Nd, kernels: readonly number[], window: Window, f: (numbers: number[]) => number): Nd {
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

const largest = (numbers: number[]) => Math.max(...numbers);
const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

const images = (draw: Draw, low: number, high: number, channels = draw.size(1, 3)) => [
  draw.size(1, 2),
  draw.size(low, high),
  draw.size(low, high),
  channels,
];

type T4 = tf.Tensor4D;
type T5 = tf.Tensor5D;

const windows2d: [string, number, Window][] = [
  ["", 3, {}],
  [", same", 3, { pad: "same" }],
  [", with a stride", 3, { stride: 2, pad: "same" }],
  [", of 1 × 1", 1, {}],
  [", padded by 1", 2, { pad: 1, stride: 2 }],
  [", dilated", 2, { dilation: 2 }],
  [", dilated, same", 3, { dilation: 2, pad: "same" }],
];

const convolutions = windows2d.flatMap(([name, size, window], i): MatrixCase[] => {
  const { stride = 1, dilation = 1, pad = "valid" } = window;
  const rounding = typeof pad === "number" ? "floor" : undefined;
  const operands =
    (depthwise: boolean) =>
    (draw: Draw): Operand[] => {
      const x = images(draw, 4, 5);
      return [
        draw.uniform(x),
        draw.uniform([
          size,
          Math.max(1, size - (i % 2)),
          x[3] as number,
          depthwise ? draw.size(1, 2) : draw.size(1, 3),
        ]),
      ];
    };
  return [
    {
      name: `conv2d${name}`,
      operands: operands(false),
      run: (x, filter) => tf.conv2d(x as T4, filter as T4, stride, pad, "NHWC", dilation, rounding),
      define: (x, filter) => convolution(x, filter, window),
      second: [0, 2, 5].includes(i),
    },
    {
      name: `depthwiseConv2d${name}`,
      operands: operands(true),
      run: (x, filter) => tf.depthwiseConv2d(x as T4, filter as T4, stride, pad, "NHWC", dilation, rounding),
      define: (x, filter) => convolution(x, filter, window, true),
      second: i === 1,
    },
  ];
});

const pools: [string, number, Window][] = [
  ["", 2, { stride: 2 }],
  [" that overlaps, same", 3, { stride: 2, pad: "same" }],
  [" with stride 1, same", 2, { stride: 1, pad: "same" }],
  [" of single pixels", 1, { stride: 2 }],
];

const pooled = pools.flatMap(([name, size, window], i): MatrixCase[] => {
  const { stride = 1, pad = "valid" } = window;
  return [
    {
      name: `maxPool${name}`,
      operands: (draw) => [draw.apart(images(draw, 3, 6))],
      run: (x) => tf.maxPool(x as T4, size, stride, pad),
      define: (x) => pooling(x, [size, size], window, largest),
      second: i < 2,
    },
    {
      name: `avgPool${name}`,
      operands: (draw) => [draw.uniform(images(draw, 3, 6))],
      run: (x) => tf.avgPool(x as T4, size, stride, pad),
      define: (x) => pooling(x, [size, size], window, mean),
      second: i < 2,
    },
  ];
});

const volume = (draw: Draw) => [draw.size(1, 2), draw.size(3, 4), draw.size(3, 4), 3, draw.size(1, 2)];

const volumes = (["valid", "same"] as const).flatMap((pad, i): MatrixCase[] => {
  const stride = 1 + i;
  return [
    {
      name: `conv3d, ${pad}`,
      operands: (draw) => {
        const x = volume(draw);
        return [draw.uniform(x), draw.uniform([2, 2, 2, x[4] as number, draw.size(1, 2)])];
      },
      run: (x, filter) => tf.conv3d(x as T5, filter as T5, stride, pad),
      define: (x, filter) => convolution(x, filter, { stride, pad }),
      second: i === 0,
    },
    {
      name: `conv3dTranspose, ${pad}`,
      operands: (draw) => {
        const dy = [1, 2, 2, 2, draw.size(1, 2)];
        return [draw.uniform(dy), draw.uniform([2, 2, 2, draw.size(1, 2), dy[4] as number])];
      },
      run: (dy, filter) => {
        const size = pad === "same" ? 2 * stride : stride + 2;
        return tf.conv3dTranspose(
          dy as T5,
          filter as T5,
          [1, size, size, size, filter.shape[3] as number],
          stride,
          pad,
        );
      },
      define: (dy, filter) => {
        const size = pad === "same" ? 2 * stride : stride + 2;
        return transposed(dy, filter, [1, size, size, size, filter.shape[3] as number], { stride, pad });
      },
    },
    {
      name: `maxPool3d, ${pad}, of negative numbers`,
      operands: (draw) => {
        const x = draw.apart(volume(draw));
        return [{ ...x, data: x.data.map((n) => Math.fround(n - 40)) }];
      },
      run: (x) => tf.maxPool3d(x as T5, 2, stride, pad),
      define: (x) => pooling(x, [2, 2, 2], { stride, pad }, largest),
    },
    {
      name: `avgPool3d, ${pad}`,
      operands: (draw) => [draw.uniform(volume(draw))],
      run: (x) => tf.avgPool3d(x as T5, 2, stride, pad),
      define: (x) => pooling(x, [2, 2, 2], { stride, pad }, mean),
    },
  ];
});

/** Convolution and pooling. */
export const windows: readonly MatrixCase[] = [
  ...convolutions,
  ...pooled,
  ...volumes,
  {
    name: "conv3d, dilated",
    operands: (draw) => [draw.uniform([1, 4, 3, 4, 2]), draw.uniform([2, 2, 2, 2, draw.size(1, 2)])],
    run: (x, filter) => tf.conv3d(x as T5, filter as T5, 1, "valid", "NDHWC", 2),
    define: (x, filter) => convolution(x, filter, { dilation: 2 }),
  },
  ...(["valid", "same"] as const).map((pad): MatrixCase => ({
    name: `conv2dTranspose, ${pad}`,
    operands: (draw) => {
      const dy = [draw.size(1, 2), 2, 3, draw.size(1, 2)];
      return [draw.uniform(dy), draw.uniform([3, 3, draw.size(1, 2), dy[3] as number])];
    },
    run: (dy, filter) => {
      const [n, h, w] = dy.shape as [number, number, number];
      const size = (i: number) => (pad === "same" ? 2 * i : 2 * i + 1);
      return tf.conv2dTranspose(
        dy as T4,
        filter as T4,
        [n, size(h), size(w), filter.shape[2] as number],
        2,
        pad,
      );
    },
    define: (dy, filter) => {
      const [n, h, w] = dy.shape as [number, number, number];
      const size = (i: number) => (pad === "same" ? 2 * i : 2 * i + 1);
      return transposed(dy, filter, [n, size(h), size(w), filter.shape[2] as number], { stride: 2, pad });
    },
    second: pad === "same",
  })),
  {
    name: "conv1d",
    operands: (draw) => [draw.uniform([2, 6, 2]), draw.uniform([3, 2, draw.size(1, 3)])],
    run: (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 1, "same"),
    define: (x, filter) => convolution(x, filter, { pad: "same" }),
  },
  {
    name: "conv1d, dilated",
    operands: (draw) => [draw.uniform([2, 7, 2]), draw.uniform([3, 2, draw.size(1, 3)])],
    run: (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 1, "valid", "NWC", 2),
    define: (x, filter) => convolution(x, filter, { dilation: 2 }),
  },
  {
    name: "separableConv2d",
    operands: (draw) => [
      draw.uniform([1, 4, 5, 2]),
      draw.uniform([2, 2, 2, 2]),
      draw.uniform([1, 1, 4, draw.size(1, 3)]),
    ],
    run: (x, deep, point) => tf.separableConv2d(x as T4, deep as T4, point as T4, 1, "same"),
    define: (x, deep, point) => convolution(convolution(x, deep, { pad: "same" }, true), point as Nd, {}),
  },
  {
    name: "fused conv2d with bias and relu",
    operands: (draw) => [draw.uniform([1, 4, 4, 2]), draw.uniform([2, 2, 2, 3]), draw.uniform([3])],
    run: (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as T4,
        filter: filter as T4,
        strides: 1,
        pad: "same",
        bias: bias as tf.Tensor,
        activation: "relu",
      }),
    define: (x, filter, bias) => {
      const y = convolution(x, filter, { pad: "same" });
      return build(y.shape, (index) => Math.max(0, at(y, index) + at(bias as Nd, index.slice(3))));
    },
  },
  {
    name: "dilation2d",
    operands: (draw) => [draw.apart([1, 5, 4, draw.size(1, 2)]), draw.uniform([2, 2, 1], -0.02, 0.02)],
    run: (x, filter) => {
      const wide = tf.tile(filter, [1, 1, x.shape[3] as number]) as tf.Tensor3D;
      return tf.dilation2d(x as T4, wide, 1, "valid");
    },
    define: (x, filter) => {
      const axes = axesOf(x.shape.slice(1, 3), [2, 2], {});
      return build([1, 4, 3, x.shape[3] as number], ([n, i, j, c]) =>
        largest([
          ...build(
            [2, 2],
            (tap) =>
              at(x, [n as number, ...seen(axes, [i as number, j as number], tap), c as number]) +
              at(filter, [...tap, 0]),
          ).data,
        ]),
      );
    },
    second: true,
  },
  {
    name: "localResponseNormalization",
    operands: (draw) => [draw.uniform([1, 2, draw.size(1, 3), 5])],
    run: (x) => tf.localResponseNormalization(x as T4, 1, 1, 0.5, 0.75),
    define: (x) =>
      build(x.shape, (index) => {
        const c = index[3] as number;
        const squares = total([3], (i) => at(x, index.with(3, c - 1 + (i as number))) ** 2);
        return at(x, index) * (1 + 0.5 * squares) ** -0.75;
      }),
    rough: true,
    second: true,
  },
  {
    name: "batchNorm",
    operands: (draw) => [
      draw.uniform([2, 2, 2, 3]),
      draw.uniform([3]),
      draw.uniform([3], 0.5, 2),
      draw.uniform([3]),
      draw.uniform([3], 0.5, 2),
    ],
    run: (x, shift, variance, offset, scale) =>
      tf.batchNorm(
        x,
        shift as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        1e-3,
      ),
    define: (x, shift, variance, offset, scale) =>
      build(x.shape, (index) => {
        const c = index.slice(3);
        const own = (at(x, index) - at(shift as Nd, c)) / Math.sqrt(at(variance as Nd, c) + 1e-3);
        return own * at(scale as Nd, c) + at(offset as Nd, c);
      }),
    second: true,
  },
];
