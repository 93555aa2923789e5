import { Conv2DBackpropFilter, type TensorInfo } from "@tensorflow/tfjs-core";
import { type ConvolutionAttributes, convolutionWindow } from "../wasm/convolution.ts";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { inFours, isEmpty, numbersOf, seen, tapsOf } from "../wasm/window.ts";

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: number[];
}

/** The gradient of a convolution at its filter, which tfjs' WASM backend lacks; here with dilations too. */
export const conv2dBackpropFilter = defineWasmKernel<{ x: TensorInfo; dy: TensorInfo }, Attributes>(
  Conv2DBackpropFilter,
  (heap, { x, dy }, { filterShape, ...attributes }) => {
    const window = convolutionWindow(Conv2DBackpropFilter, x.shape, filterShape, attributes);
    if (isEmpty(window)) return heap.zeros(filterShape);
    const { batch, inChannels, outHeight, outWidth, outChannels } = window;
    const dw = heap.make(filterShape);
    const together = Math.min(batch, Math.ceil(WINDOWS / (outHeight * outWidth)));
    const padded = 4 * together * seen(window) * inChannels;
    const rows = tapsOf(window) * inChannels;
    heap.borrow(
      [padded, 4 * rows * inFours(outChannels), 4 * rows, numbersOf(window)],
      (images, ...scratch) => {
        const [from, slope, to] = [x, dy, dw].map((tensor) => heap.addressOf(tensor)) as [
          number,
          number,
          number,
        ];
        heap.functions.conv2dFilter(from, slope, to, images as number, together, ...scratch);
      },
    );
    return dw;
  },
);

/** Windows to go through at a time, at least: to begin and end a tile costs as much as some ten windows. */
const WINDOWS = 64;
