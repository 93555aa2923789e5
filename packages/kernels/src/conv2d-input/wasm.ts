import type { convolveInput } from "@pellucid/core-train/ops";
import {
  Conv2DBackpropInput,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { convolutionWindow, type TfjsConvolution, tfjsConvolutionWindow } from "../wasm/convolution.ts";
import { spread } from "../wasm/convolution-input.ts";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}

interface WithInputShape {
  readonly inputShape: number[];
}

/**
 * The gradient of a convolution over images at its input. tfjs' own takes many times as long, knows no dilations, and there
 * is none for depthwise convolution.
 */
export const conv2dInput: readonly WasmKernel[] = [
  ...[Conv2DBackpropInput, DepthwiseConv2dNativeBackpropInput].map((name, depthwise) =>
    overrideFloatKernel<Inputs, TfjsConvolution & WithInputShape>(
      name,
      (heap, { dy, filter }, attributes, builtIn) => {
        const { inputShape } = attributes;
        const window = tfjsConvolutionWindow(name, inputShape, filter.shape, attributes, depthwise === 1);
        // Sizes that no convolution has, which tfjs all the same computes something for.
        const isOdd = dy.shape[1] !== window.outHeight || dy.shape[2] !== window.outWidth;
        if (isOdd && name === Conv2DBackpropInput) return builtIn();
        return spread(heap, dy, filter, inputShape, window);
      },
    ),
  ),
  defineWasmKernel<typeof convolveInput>(
    "PellucidConv2dInput",
    (heap, { dy, filter }, { inputShape, ...convolution }) =>
      spread(heap, dy, filter, inputShape, convolutionWindow(inputShape, filter.shape, convolution)),
  ),
];
