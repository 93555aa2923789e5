import { Conv2D, type TensorInfo } from "@tensorflow/tfjs-core";
import {
  type Convolution,
  convolutionWindow,
  type TfjsConvolution,
  tfjsConvolutionWindow,
} from "../wasm/convolution.ts";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import {
  isDepthwise,
  isEmpty,
  numbersOf,
  paddedInput,
  panels,
  placeTable,
  tapsOf,
  tapTable,
  type Window,
} from "../wasm/window.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

/** Convolution over images: with groups and any window, and faster than tfjs' own, above all with few channels. */
export const conv2d: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, TfjsConvolution>(Conv2D, (heap, { x, filter }, attributes) => {
    const window = tfjsConvolutionWindow(Conv2D, x.shape, filter.shape, attributes);
    return convolve(heap, x, filter, null, window);
  }),
  defineWasmKernel<Inputs, Convolution>("PellucidConv2d", (heap, { x, filter }, convolution) =>
    convolve(heap, x, filter, null, convolutionWindow(x.shape, filter.shape, convolution)),
  ),
  defineWasmKernel<Inputs & { readonly bias: TensorInfo }, Convolution>(
    "PellucidConv2dWithBias",
    (heap, { x, filter, bias }, convolution) =>
      convolve(heap, x, filter, bias, convolutionWindow(x.shape, filter.shape, convolution)),
  ),
];

function convolve(
  heap: Heap,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  window: Window,
): TensorInfo {
  const { batch, inChannels, outHeight, outWidth, outChannels, groups } = window;
  const shape = [batch, outHeight, outWidth, outChannels];
  if (isEmpty(window)) return heap.zeros(shape);
  const y = heap.make(shape);
  const taps = tapsOf(window);
  const tables = [tapTable(taps), placeTable(outHeight * outWidth), numbersOf(window)];
  const operands = [x, filter, bias, y].map((tensor) => heap.addressOf(tensor));
  if (isDepthwise(window)) {
    heap.borrow([paddedInput(window), ...tables], (...scratch) =>
      heap.functions.depthwise(...operands, ...scratch),
    );
    return y;
  }
  const weights = groups * panels(taps, inChannels / groups, outChannels / groups);
  heap.borrow([paddedInput(window), weights, ...tables], (...scratch) =>
    heap.functions.conv2d(...operands, ...scratch),
  );
  return y;
}
