import { backend_util } from "@tensorflow/tfjs-core";
import { type Window, windowOf } from "./window.ts";

/** What tfjs says of pooling over images. */
export interface Pooling2dAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** tfjs' own pooling knows none. Default: 1. */
  readonly dilations?: [number, number] | number | null;
}

/** What tfjs says of pooling over volumes. */
export interface Pooling3dAttributes {
  readonly filterSize: [number, number, number] | number;
  readonly strides: [number, number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  /** tfjs' own pooling knows none. Default: 1. */
  readonly dilations?: [number, number, number] | number | null;
}

/** How the window moves over images. */
export function pooling2dWindow(shape: number[], attributes: Pooling2dAttributes): Window {
  const { filterSize, strides, dilations, pad, dimRoundingMode } = attributes;
  const input = shape as [number, number, number, number];
  return windowOf(
    backend_util.computePool2DInfo(input, filterSize, strides, dilations ?? 1, pad, dimRoundingMode),
  );
}

/** How the window moves over volumes. */
export function pooling3dWindow(shape: number[], attributes: Pooling3dAttributes): Window {
  const { filterSize, strides, dilations, pad, dimRoundingMode } = attributes;
  const input = shape as [number, number, number, number, number];
  return windowOf(
    backend_util.computePool3DInfo(input, filterSize, strides, dilations ?? 1, pad, dimRoundingMode),
  );
}
