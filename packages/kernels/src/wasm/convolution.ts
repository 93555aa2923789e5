import { backend_util } from "@tensorflow/tfjs-core";
import { type Window, windowOf } from "./window.ts";

/** What tfjs says of a convolution over images. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** tfjs' own gradients know none. Default: 1. */
  readonly dilations?: [number, number] | number | null;
}

/** How its window moves. */
export function convolutionWindow(
  kernelName: string,
  inputShape: number[],
  filterShape: number[],
  attributes: ConvolutionAttributes,
  depthwise = false,
): Window {
  const { strides, pad, dataFormat, dimRoundingMode, dilations } = attributes;
  if (dataFormat === "NCHW") {
    throw new RangeError(
      `${kernelName}: dataFormat is NCHW, expected NHWC. Transpose to [batch, height, width, channel].`,
    );
  }
  const input = inputShape as [number, number, number, number];
  const filter = filterShape as [number, number, number, number];
  return windowOf(
    backend_util.computeConv2DInfo(input, filter, strides, dilations ?? 1, pad, dimRoundingMode, depthwise),
  );
}
