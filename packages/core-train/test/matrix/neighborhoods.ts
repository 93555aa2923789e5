import * as tf from "@tensorflow/tfjs-core";
import type { MatrixCase } from "./case.ts";
import { at, build, type Nd, total } from "./nd.ts";
import { axesOf, images, largest, mean, pooling, seen, type Window } from "./window.ts";

type T4 = tf.Tensor4D;

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

/** Pooling, and what else looks at neighbors. */
export const neighborhoods: readonly MatrixCase[] = [
  ...pooled,
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
