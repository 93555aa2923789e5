import type { Convolution } from "@pellucid/core-train/ops";
import { backend_util } from "@tensorflow/tfjs-core";
import { type Window, windowOf } from "./window.ts";

/** How the window of a convolution moves over `[batch, height, width, in]` with a filter of `[height, width, in / groups, out]`. */
export function convolutionWindow(
  [batch = 0, inHeight = 0, inWidth = 0, inChannels = 0]: readonly number[],
  [filterHeight = 0, filterWidth = 0, , outChannels = 0]: readonly number[],
  { strides, padding, dilations, groups }: Convolution,
): Window {
  const [strideHeight, strideWidth] = strides;
  const [dilationHeight, dilationWidth] = dilations;
  const [[top, bottom], [left, right]] = padding;
  const spanHeight = (filterHeight - 1) * dilationHeight + 1;
  const spanWidth = (filterWidth - 1) * dilationWidth + 1;
  return {
    batch,
    inDepth: 1,
    inHeight,
    inWidth,
    inChannels,
    filterDepth: 1,
    filterHeight,
    filterWidth,
    outDepth: 1,
    outHeight: Math.floor((inHeight + top + bottom - spanHeight) / strideHeight) + 1,
    outWidth: Math.floor((inWidth + left + right - spanWidth) / strideWidth) + 1,
    outChannels,
    strideDepth: 1,
    strideHeight,
    strideWidth,
    dilationDepth: 1,
    dilationHeight,
    dilationWidth,
    front: 0,
    top,
    left,
    groups,
  };
}

/** What tfjs says of a convolution over images. */
export interface TfjsConvolution {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** tfjs' own gradients know none. Default: 1. */
  readonly dilations?: [number, number] | number | null;
}

/** How its window moves. A depthwise filter is `[height, width, in, out / in]`. */
export function tfjsConvolutionWindow(
  kernelName: string,
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dataFormat, dimRoundingMode, dilations }: TfjsConvolution,
  isDepthwise = false,
): Window {
  if (dataFormat === "NCHW") {
    throw new RangeError(
      `${kernelName}: dataFormat is NCHW, expected NHWC. Transpose to [batch, height, width, channel].`,
    );
  }
  const input = inputShape as [number, number, number, number];
  const filter = filterShape as [number, number, number, number];
  const info = backend_util.computeConv2DInfo(
    input,
    filter,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
  return { ...windowOf(info), groups: isDepthwise ? info.inChannels : 1 };
}
