import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd } from "./nd.ts";
import { convolution, images, transposed, type Window } from "./window.ts";

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

const plain = windows2d.flatMap(([name, size, window], i): MatrixCase[] => {
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

/** Convolution of images and sequences, and what is made of it. */
export const convolutions: readonly MatrixCase[] = [
  ...plain,
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
];
