import type { convolveFilter } from "@pellucid/core-train/ops";
import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { convolutionWindow, type TfjsConvolution, tfjsConvolutionWindow } from "../wasm/convolution.ts";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { transposedProducts } from "../wasm/products.ts";
import { asProduct, putPart, seenPart } from "../wasm/seen-part.ts";
import {
  inFours,
  isDepthwise,
  isEmpty,
  numbersOf,
  packedRoom,
  paddedInput,
  sumsRoom,
  tapsOf,
  type Window,
} from "../wasm/window.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

interface WithFilterShape {
  readonly filterShape: number[];
}

/** The gradient of a convolution over images at its filter, which tfjs' WASM backend lacks. */
export const conv2dFilter: readonly WasmKernel[] = [
  ...[Conv2DBackpropFilter, DepthwiseConv2dNativeBackpropFilter].map((name, depthwise) =>
    overrideFloatKernel<Inputs, TfjsConvolution & WithFilterShape>(name, (heap, { x, dy }, attributes) => {
      const { filterShape } = attributes;
      const window = tfjsConvolutionWindow(name, x.shape, filterShape, attributes, depthwise === 1);
      return correlate(heap, x, dy, filterShape, window);
    }),
  ),
  defineWasmKernel<typeof convolveFilter>(
    "PellucidConv2dFilter",
    (heap, { x, dy }, { filterShape, ...convolution }) =>
      correlate(heap, x, dy, filterShape, convolutionWindow(x.shape, filterShape, convolution)),
  ),
];

function correlate(
  heap: Heap,
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: readonly number[],
  window: Window,
): TensorInfo {
  if (isEmpty(window)) return heap.zeros(filterShape);
  const part = seenPart(window);
  if (part !== null) {
    const { filterHeight, filterWidth } = part.window;
    const own = correlate(heap, x, dy, [filterHeight, filterWidth, ...filterShape.slice(2)], part.window);
    const dw = putPart(heap, own, filterShape, part);
    heap.free(own);
    return dw;
  }
  const dw = heap.make(filterShape);
  const operands = { x: heap.addressOf(x), dy: heap.addressOf(dy), dw: heap.addressOf(dw) };
  const product = asProduct(window);
  if (product !== null) {
    const { x: a, dy: b, dw: c } = operands;
    const sizes = { rows: product.inputs, depth: product.pixels, columns: product.outputs };
    transposedProducts(heap, [{ a, b, bias: 0, c }], sizes);
    return dw;
  }
  if (isDepthwise(window)) {
    const sums = 8 * tapsOf(window) * inFours(window.outChannels);
    heap.borrow({ padded: paddedInput(window), sums, window: numbersOf(window) }, (room) =>
      heap.functions.depthwiseFilter({ ...operands, ...room }),
    );
    return dw;
  }
  const { batch, inChannels, outHeight, outWidth, outChannels, groups, strideHeight, strideWidth } = window;
  const together = Math.min(batch, Math.max(1, Math.trunc(LONGEST / (outHeight * outWidth))));
  const numbersInLine = outWidth * (outChannels + strideHeight * strideWidth * inChannels);
  const most = Math.max(1, Math.trunc(Math.min(BLOCK / numbersInLine, LONGEST / outWidth)));
  const lines = together > 1 ? outHeight : Math.ceil(outHeight / Math.ceil(outHeight / most));
  const rows = tapsOf(window) * (inChannels / groups);
  const columns = outChannels / groups;
  const isOneBlock = together === batch && lines === outHeight && outWidth <= LONGEST;
  const blocks = {
    padded: together * paddedInput(window),
    sums: sumsRoom(groups * rows, columns, isOneBlock),
    offsets: 4 * rows,
    packed: packedRoom(together * lines * outWidth, columns),
    window: numbersOf(window),
  };
  heap.borrow(blocks, (room) =>
    heap.functions.conv2dFilter({
      ...operands,
      ...room,
      together,
      lines,
      first: 0,
      count: rows,
    }),
  );
  return dw;
}

/** Numbers in a block of windows, so that it is still in the second cache when the next tile comes. */
const BLOCK = 65_536;

/**
 * Windows to go through at a time, at most, as in `assembly/conv2d-filter.ts`, which parts longer lines: their products are added up in 32 bits, and the sums of blocks in 64.
 */
const LONGEST = 128;
