import {
  backend_util,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { isEmpty, numbersOf, windowOf } from "../wasm/window.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly dy: TensorInfo;
}

interface Dilation {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dilations: [number, number] | number;
}

/** The gradients of morphological dilation. tfjs' own lose those of windows in which nothing is positive. */
export const dilation2dGradients: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, Dilation>(Dilation2DBackpropInput, (heap, inputs, dilation) =>
    gradient(heap, "dilation2dInput", inputs, dilation, inputs.x),
  ),
  defineWasmKernel<Inputs, Dilation>(Dilation2DBackpropFilter, (heap, inputs, dilation) =>
    gradient(heap, "dilation2dFilter", inputs, dilation, inputs.filter),
  ),
];

function gradient(
  heap: Heap,
  name: "dilation2dInput" | "dilation2dFilter",
  { x, filter, dy }: Inputs,
  { strides, pad, dilations }: Dilation,
  like: TensorInfo,
): TensorInfo {
  const input = x.shape as [number, number, number, number];
  const structure = filter.shape as [number, number, number];
  const window = windowOf(
    backend_util.computeDilation2DInfo(input, structure, strides, pad, "NHWC", dilations),
  );
  if (isEmpty(window)) return heap.zeros(like.shape);
  const slope = heap.make(like.shape);
  const operands = [x, filter, dy, slope].map((tensor) => heap.addressOf(tensor));
  heap.borrow([numbersOf(window)], (...scratch) => heap.functions[name](...operands, ...scratch));
  return slope;
}
