import type { backend_util } from "@tensorflow/tfjs-core";

/** What tfjs knows of a window over images. */
export interface ConvolutionSpec {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}
