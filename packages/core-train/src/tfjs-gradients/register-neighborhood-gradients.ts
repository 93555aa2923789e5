import {
  add,
  backend_util,
  Dilation2D,
  expandDims,
  LRN,
  maximum,
  mul,
  pad,
  pow,
  slice,
  square,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { padAlong } from "../op/pad-along.ts";
import { stridedSlice } from "../op/strided-slice.ts";
import { isNested, registerComposedGradient } from "./register-composed-gradient.ts";
import type { ConvolutionSpec } from "./convolution-spec.ts";
import { sizeAlong } from "../op/size-along.ts";

/** Gives dilation and the response of neighboring channels second derivatives. */
export function registerNeighborhoodGradients(): void {
  registerComposedGradient<{ x: Tensor; filter: Tensor }, ConvolutionSpec>({
    kernelName: Dilation2D,
    inputs: ["x", "filter"],
    when: isNested,
    compose: ({ x, filter }, spec) => dilated(x as Tensor4D, filter, spec),
  });
  registerComposedGradient<{ x: Tensor }, NormSpec>({
    kernelName: LRN,
    inputs: ["x"],
    when: isNested,
    compose: ({ x }, spec) => normalized(x, spec),
  });
}

/** The largest of what each tap of the filter sees and adds to. */
function dilated(
  x: Tensor4D,
  filter: Tensor,
  { strides, pad: padding, dilations = 1 }: ConvolutionSpec,
): Tensor {
  const [height = 1, width = 1, channels = 1] = filter.shape;
  const info = backend_util.computeDilation2DInfo(
    x.shape,
    filter.shape as [number, number, number],
    strides,
    padding as "same" | "valid",
    "NHWC",
    dilations,
  );
  const { top, bottom, left, right } = info.padInfo;
  const padded = pad(
    x,
    [
      [0, 0],
      [top, bottom + height],
      [left, right + width],
      [0, 0],
    ],
    -1e30,
  );
  const taps = Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const down = stridedSlice(padded, 1, row * info.dilationHeight, info.outHeight, info.strideHeight);
    const seen = stridedSlice(down, 2, column * info.dilationWidth, info.outWidth, info.strideWidth);
    const weight = slice(filter, [row, column, 0], [1, 1, channels]);
    return add(seen, expandDims(weight, 0)) as Tensor;
  });
  return taps.reduce((largest, tap) => maximum(largest, tap));
}

interface NormSpec {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Each channel over a power of the squares of its neighbors (Krizhevsky et al., 2012, section 3.3). */
function normalized(x: Tensor, { depthRadius: reach, bias, alpha, beta }: NormSpec): Tensor {
  const channels = sizeAlong(x, 3);
  const padded = padAlong(square(x), 3, [reach, reach]);
  const parts = Array.from({ length: 2 * reach + 1 }, (_, i) => stridedSlice(padded, 3, i, channels, 1));
  const squares = parts.reduce((sum, part) => add(sum, part));
  return mul(x, pow(add(mul(squares, alpha), bias), -beta));
}
