import {
  add,
  backend_util,
  Dilation2D,
  maximum,
  pad,
  reshape,
  slice,
  stridedSlice,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same";
  readonly dilations: number | [number, number];
}

/** tfjs' own begins with the smallest positive number, so what is negative everywhere comes out as that. */
export const dilation2d: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; filter: Tensor }, Attributes>(
    Dilation2D,
    ({ x, filter }, { strides, pad: padding, dilations }) => {
      const info = backend_util.computeDilation2DInfo(
        x.shape as [number, number, number, number],
        filter.shape as [number, number, number],
        strides,
        padding,
        "NHWC",
        dilations,
      );
      const { top, bottom, left, right } = info.padInfo;
      const sides: [number, number][] = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const padded = pad(x, sides, -Infinity);
      const [batch, , , channels] = padded.shape as [number, number, number, number];
      const taps = Array.from({ length: info.filterHeight * info.filterWidth }, (_, i) => {
        const [row, column] = [Math.floor(i / info.filterWidth), i % info.filterWidth];
        const begin = [0, row * info.dilationHeight, column * info.dilationWidth, 0];
        const end = [
          batch,
          (begin[1] as number) + (info.outHeight - 1) * info.strideHeight + 1,
          (begin[2] as number) + (info.outWidth - 1) * info.strideWidth + 1,
          channels,
        ];
        const seen = stridedSlice(padded, begin, end, [1, info.strideHeight, info.strideWidth, 1]);
        return add(seen, reshape(slice(filter, [row, column, 0], [1, 1, channels]), [channels])) as Tensor;
      });
      return taps.reduce((largest, tap) => maximum(largest, tap));
    },
  ),
];
