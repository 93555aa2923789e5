import {
  addN,
  backend_util,
  conv2d,
  Conv3D,
  pad,
  reshape,
  slice,
  stridedSlice,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

type Five = [number, number, number, number, number];
type Three = [number, number, number];

interface Attributes {
  readonly strides: number | Three;
  readonly pad: "valid" | "same";
  readonly dilations: number | Three;
}

/** On processors TensorFlow knows no dilation of volumes: the sum of a convolution of images for each slice of the filter. */
export const dilatedConv3d: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; filter: Tensor }, Attributes>(
    Conv3D,
    ({ x, filter }, { strides, pad: padding, dilations }) => {
      if ([dilations].flat().every((dilation) => dilation === 1)) return null;
      const info = backend_util.computeConv3DInfo(
        x.shape as Five,
        filter.shape as Five,
        strides,
        dilations,
        padding,
      );
      const { front, back, top, bottom, left, right } = info.padInfo;
      const [batch, depth, height, width, channels] = x.shape as Five;
      const sides: [number, number][] = [
        [front, back],
        [top, bottom],
        [left, right],
      ];
      const padded = pad(reshape(x, [batch, depth, height, width * channels]), [
        [0, 0],
        ...sides.slice(0, 2),
        [0, 0],
      ] as [number, number][]);
      const rows = sizeAlong(padded.shape, 2);
      const volume = reshape(padded, [batch, sizeAlong(padded.shape, 1), rows * width * channels]);
      const slices = Array.from({ length: info.filterDepth }, (_, k) => {
        const start = k * info.dilationDepth;
        const last = start + (info.outDepth - 1) * info.strideDepth + 1;
        const seen = stridedSlice(
          volume,
          [0, start, 0],
          [batch, last, sizeAlong(volume.shape, 2)],
          [1, info.strideDepth, 1],
        );
        const images = reshape(seen, [batch * info.outDepth, rows, width, channels]) as Tensor4D;
        const wide = pad(images, [[0, 0], [0, 0], sides[2] as [number, number], [0, 0]]);
        const shape = filter.shape.slice(1) as [number, number, number, number];
        const own: Tensor4D = reshape(slice(filter, [k, 0, 0, 0, 0], [1, ...shape]), shape);
        const stride: [number, number] = [info.strideHeight, info.strideWidth];
        return conv2d(wide, own, stride, "valid", "NHWC", [info.dilationHeight, info.dilationWidth]);
      });
      return reshape(addN(slices), info.outShape);
    },
  ),
];
