import { DepthwiseConv2dNativeBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { type ConvolutionAttributes, convolutionWindow } from "../wasm/convolution.ts";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { isEmpty, numbersOf, seen } from "../wasm/window.ts";

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: number[];
}

/** The gradient of a depthwise convolution at its filter, which tfjs' WASM backend lacks; here with dilations too. */
export const depthwiseConv2dBackpropFilter = defineWasmKernel<{ x: TensorInfo; dy: TensorInfo }, Attributes>(
  DepthwiseConv2dNativeBackpropFilter,
  (heap, { x, dy }, { filterShape, ...attributes }) => {
    const window = convolutionWindow(
      DepthwiseConv2dNativeBackpropFilter,
      x.shape,
      filterShape,
      attributes,
      true,
    );
    if (isEmpty(window)) return heap.zeros(filterShape);
    const dw = heap.make(filterShape);
    heap.borrow([4 * seen(window) * window.outChannels, numbersOf(window)], (...scratch) =>
      heap.functions.depthwiseFilter(heap.addressOf(x), heap.addressOf(dy), heap.addressOf(dw), ...scratch),
    );
    return dw;
  },
);
