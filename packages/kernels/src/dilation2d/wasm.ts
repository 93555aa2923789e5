import {
  backend_util,
  Dilation2D,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { isEmpty, numbersOf, type Window, windowOf } from "../wasm/window.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

interface GradientInputs extends Inputs {
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
  overrideFloatKernel<Inputs, Dilation>(Dilation2D, (heap, { x, filter }, dilation) => {
    const window = windowIn(x, filter, dilation);
    const shape = [window.batch, window.outHeight, window.outWidth, window.outChannels];
    return run(heap, shape, window, (y, room) =>
      heap.functions.dilation2d({ x: heap.addressOf(x), filter: heap.addressOf(filter), y, ...room }),
    );
  }),
  overrideFloatKernel<GradientInputs, Dilation>(
    Dilation2DBackpropInput,
    (heap, { x, filter, dy }, dilation) =>
      run(heap, x.shape, windowIn(x, filter, dilation), (dx, room) =>
        heap.functions.dilation2dInput({
          x: heap.addressOf(x),
          filter: heap.addressOf(filter),
          dy: heap.addressOf(dy),
          dx,
          ...room,
        }),
      ),
  ),
  overrideFloatKernel<GradientInputs, Dilation>(
    Dilation2DBackpropFilter,
    (heap, { x, filter, dy }, dilation) =>
      run(heap, filter.shape, windowIn(x, filter, dilation), (dw, room) =>
        heap.functions.dilation2dFilter({
          x: heap.addressOf(x),
          filter: heap.addressOf(filter),
          dy: heap.addressOf(dy),
          dw,
          ...room,
        }),
      ),
  ),
];

function windowIn(x: TensorInfo, filter: TensorInfo, { strides, pad, dilations }: Dilation): Window {
  const input = x.shape as [number, number, number, number];
  const structure = filter.shape as [number, number, number];
  return windowOf(backend_util.computeDilation2DInfo(input, structure, strides, pad, "NHWC", dilations));
}

/** Computes a tensor, given its address and that of the window. */
function run(
  heap: Heap,
  shape: readonly number[],
  window: Window,
  compute: (address: number, room: { readonly window: number }) => void,
): TensorInfo {
  if (isEmpty(window)) return heap.zeros(shape);
  const result = heap.make(shape);
  heap.borrow({ window: numbersOf(window) }, (room) => compute(heap.addressOf(result), room));
  return result;
}
