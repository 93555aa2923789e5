import { DepthwiseConv2dNativeBackpropInput, type TensorInfo } from "@tensorflow/tfjs-core";
import { type ConvolutionAttributes, convolutionWindow } from "../wasm/convolution.ts";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { isEmpty, numbersOf, placeTable, seenGradient, tapTable } from "../wasm/window.ts";

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: number[];
}

/** The gradient of a depthwise convolution at its input, which tfjs' WASM backend lacks; here with dilations too. */
export const depthwiseConv2dBackpropInput = defineWasmKernel<
  { dy: TensorInfo; filter: TensorInfo },
  Attributes
>(DepthwiseConv2dNativeBackpropInput, (heap, { dy, filter }, { inputShape, ...attributes }) => {
  const window = convolutionWindow(
    DepthwiseConv2dNativeBackpropInput,
    inputShape,
    filter.shape,
    attributes,
    true,
  );
  if (isEmpty(window)) return heap.zeros(inputShape);
  const { inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth } = window;
  const dx = heap.make(inputShape);
  const padded = 4 * seenGradient(window) * outChannels;
  const apart = inChannels === outChannels ? 0 : 4 * inHeight * inWidth * outChannels;
  const places = placeTable(Math.ceil(inHeight / strideHeight), Math.ceil(inWidth / strideWidth));
  heap.borrow([padded, apart, tapTable(window), places, numbersOf(window)], (...scratch) =>
    heap.functions.depthwiseInput(heap.addressOf(dy), heap.addressOf(filter), heap.addressOf(dx), ...scratch),
  );
  return dx;
});
