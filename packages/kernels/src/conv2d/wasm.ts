import { Conv2D, type TensorInfo } from "@tensorflow/tfjs-core";
import { type ConvolutionAttributes, convolutionWindow } from "../wasm/convolution.ts";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { inFours, isEmpty, numbersOf, placeTable, seen, tapsOf, tapTable } from "../wasm/window.ts";

/** Faster than tfjs' own, above all with few channels. */
export const conv2d = defineWasmKernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
  Conv2D,
  (heap, { x, filter }, attributes) => {
    const window = convolutionWindow(Conv2D, x.shape, filter.shape, attributes);
    const { batch, inChannels, outHeight, outWidth, outChannels } = window;
    const shape = [batch, outHeight, outWidth, outChannels];
    if (isEmpty(window)) return heap.zeros(shape);
    const y = heap.make(shape);
    const padded = 4 * seen(window) * inChannels;
    const panels = 4 * tapsOf(window) * inChannels * inFours(outChannels);
    const places = placeTable(outHeight, outWidth);
    heap.borrow([padded, panels, tapTable(window), places, numbersOf(window)], (...scratch) =>
      heap.functions.conv2d(heap.addressOf(x), heap.addressOf(filter), heap.addressOf(y), ...scratch),
    );
    return y;
  },
);
