import {
  backend_util,
  Dilation2D,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { isEmpty, numbersOf, type Window, windowOf } from "../wasm/window.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

interface SlopedInputs extends Inputs {
  readonly dy: TensorInfo;
}

interface Dilation {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dilations: [number, number] | number;
}

/**
 * Morphological dilation and its gradients. tfjs' own begins with the smallest positive number, so what is negative
 * everywhere comes out as that, and its gradient is lost.
 */
export const dilation2d: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, Dilation>(Dilation2D, (heap, { x, filter }, dilation) => {
    const window = windowIn(x, filter, dilation);
    const y = heap.make([window.batch, window.outHeight, window.outWidth, window.outChannels]);
    return run(heap, "dilation2d", [x, filter, y], window);
  }),
  defineWasmKernel<SlopedInputs, Dilation>(Dilation2DBackpropInput, (heap, { x, filter, dy }, dilation) =>
    run(heap, "dilation2dInput", [x, filter, dy, heap.make(x.shape)], windowIn(x, filter, dilation)),
  ),
  defineWasmKernel<SlopedInputs, Dilation>(Dilation2DBackpropFilter, (heap, { x, filter, dy }, dilation) =>
    run(heap, "dilation2dFilter", [x, filter, dy, heap.make(filter.shape)], windowIn(x, filter, dilation)),
  ),
];

function windowIn(x: TensorInfo, filter: TensorInfo, { strides, pad, dilations }: Dilation): Window {
  const input = x.shape as [number, number, number, number];
  const structure = filter.shape as [number, number, number];
  return windowOf(backend_util.computeDilation2DInfo(input, structure, strides, pad, "NHWC", dilations));
}

/** Computes the last of the operands. */
function run(
  heap: Heap,
  name: "dilation2d" | "dilation2dInput" | "dilation2dFilter",
  operands: readonly [TensorInfo, ...TensorInfo[]],
  window: Window,
): TensorInfo {
  const result = operands.at(-1) as TensorInfo;
  if (isEmpty(window)) {
    heap.free(result);
    return heap.zeros(result.shape);
  }
  const addresses = operands.map((tensor) => heap.addressOf(tensor));
  heap.borrow([numbersOf(window)], (...scratch) => heap.functions[name](...addresses, ...scratch));
  return result;
}
