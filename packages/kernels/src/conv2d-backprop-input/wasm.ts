import { Conv2DBackpropInput, type TensorInfo } from "@tensorflow/tfjs-core";
import { type ConvolutionAttributes, convolutionWindow } from "../wasm/convolution.ts";
import { convolutionInputGradient } from "../wasm/convolution-input-gradient.ts";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: number[];
}

/** The gradient of a convolution at its input; tfjs' own takes some twenty times as long, and knows no dilations. */
export const conv2dBackpropInput = defineWasmKernel<{ dy: TensorInfo; filter: TensorInfo }, Attributes>(
  Conv2DBackpropInput,
  (heap, { dy, filter }, { inputShape, ...attributes }) => {
    const window = convolutionWindow(Conv2DBackpropInput, inputShape, filter.shape, attributes);
    return convolutionInputGradient(heap, dy, filter, inputShape, window);
  },
);
