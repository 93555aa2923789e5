import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase } from "./case.ts";
import { convolution, largest, mean, pooling, transposed } from "./window.ts";

type T5 = tf.Tensor5D;

const volume = (draw: Draw) => [draw.size(1, 2), draw.size(3, 4), draw.size(3, 4), 3, draw.size(1, 2)];

/** Convolution and pooling of volumes. */
export const volumes: readonly MatrixCase[] = (["valid", "same"] as const).flatMap((pad, i): MatrixCase[] => {
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
