import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  type GradConfig,
  getGradient,
  type Rank,
  registerGradient,
  reshape,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { convolve, convolveFilter, convolveInput } from "../op/convolve.ts";
import type { Convolution } from "../op/convolution-kernels.ts";
import type { ConvolutionSpec } from "./convolution-spec.ts";

/** Gives convolutions of images gradients of any order, with dilation too. The kernels that run are those of tfjs' own. */
export function registerConvolutionGradients(): void {
  unlessChannelsFirst(Conv2D, ["x", "filter"], (dy, [x, filter], spec) => {
    const window = windowOf(x.shape, filter.shape, spec, false);
    return {
      x: () => convolveInput({ dy, filter }, { ...window, inputShape: x.shape }),
      filter: () => convolveFilter({ x, dy }, { ...window, filterShape: filter.shape }),
    };
  });
  unlessChannelsFirst(Conv2DBackpropInput, ["dy", "filter"], (ddx, [dy, filter], spec) => {
    const window = windowOf(ddx.shape, filter.shape, spec, false);
    return {
      dy: () => convolve({ x: ddx, filter }, window),
      filter: () => convolveFilter({ x: ddx, dy }, { ...window, filterShape: filter.shape }),
    };
  });
  unlessChannelsFirst(Conv2DBackpropFilter, ["x", "dy"], (dFilter, [x, dy], spec) => {
    const window = windowOf(x.shape, dFilter.shape, spec, false);
    return {
      x: () => convolveInput({ dy, filter: dFilter }, { ...window, inputShape: x.shape }),
      dy: () => convolve({ x, filter: dFilter }, window),
    };
  });
  unlessChannelsFirst(DepthwiseConv2dNative, ["x", "filter"], (dy, [x, filter], spec) => {
    const [height, width, channels, times] = filter.shape;
    const window = { ...windowOf(x.shape, filter.shape, spec, true), groups: channels };
    const grouped = reshape<Rank.R4>(filter, [height, width, 1, channels * times]);
    return {
      x: () => convolveInput({ dy, filter: grouped }, { ...window, inputShape: x.shape }),
      filter: () =>
        reshape(convolveFilter({ x, dy }, { ...window, filterShape: grouped.shape }), filter.shape),
    };
  });
}

function unlessChannelsFirst(
  kernelName: string,
  inputsToSave: string[],
  gradient: (
    dy: Tensor4D,
    saved: [Tensor4D, Tensor4D],
    spec: ConvolutionSpec,
  ) => Record<string, () => Tensor>,
): void {
  const own: GradConfig | undefined = getGradient(kernelName);
  registerGradient({
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attributes) => {
      const spec = attributes as object as ConvolutionSpec;
      if (spec.dataFormat === "NCHW" && own !== undefined) return own.gradFunc(dy, saved, attributes);
      return gradient(dy as Tensor4D, saved as [Tensor4D, Tensor4D], spec);
    },
  });
}

function windowOf(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad: padding, dilations = 1, dimRoundingMode }: ConvolutionSpec,
  depthwise: boolean,
): Convolution {
  const info = backend_util.computeConv2DInfo(
    [...x] as [number, number, number, number],
    [...filter] as [number, number, number, number],
    strides,
    dilations,
    padding,
    dimRoundingMode,
    depthwise,
  );
  const { top, bottom, left, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    padding: [
      [top, bottom],
      [left, right],
    ],
    dilations: [info.dilationHeight, info.dilationWidth],
    groups: 1,
  };
}
