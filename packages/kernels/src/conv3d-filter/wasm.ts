import {
  backend_util,
  Conv2DBackpropFilter,
  Conv3DBackpropFilterV2,
  engine,
  pad,
  reshape,
  stack,
  stridedSlice,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

type Five = [number, number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
  readonly filterShape: Five;
}

/** tfjs' own is wrong where there is padding: here each slice of the filter is that of a convolution of images. */
export const conv3dFilter: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; dy: Tensor }, Attributes>(
    Conv3DBackpropFilterV2,
    ({ x, dy }, { strides, pad: padding, filterShape }) => {
      const info = backend_util.computeConv3DInfo(x.shape as Five, filterShape, strides, 1, padding);
      const { front, back, top, bottom, left, right } = info.padInfo;
      const [batch, , height, width, channels] = x.shape as Five;
      const volume = reshape(x, [batch, info.inDepth, height * width * channels]);
      const deep = pad(volume, [
        [0, 0],
        [front, back],
        [0, 0],
      ]);
      const gradients = reshape(dy, [batch * info.outDepth, ...dy.shape.slice(2)]);
      const attributes = {
        strides: [info.strideHeight, info.strideWidth],
        pad: [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ],
        dataFormat: "NHWC",
        filterShape: filterShape.slice(1),
      };
      const slices = Array.from({ length: info.filterDepth }, (_, k) => {
        const last = k + (info.outDepth - 1) * info.strideDepth + 1;
        const seen = stridedSlice(
          deep,
          [0, k, 0],
          [batch, last, sizeAlong(deep.shape, 2)],
          [1, info.strideDepth, 1],
        );
        const images = reshape(seen, [batch * info.outDepth, height, width, channels]);
        return engine().runKernel(Conv2DBackpropFilter, { x: images, dy: gradients }, attributes) as Tensor;
      });
      return stack(slices);
    },
  ),
];
