import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The SiLU and its gradient, each in one pass. */
export const silu: readonly WasmKernel[] = [
  defineWasmKernel<{ x: TensorInfo }>("PellucidSilu", (heap, { x }) => {
    const y = heap.make(x.shape);
    heap.functions.silu(heap.addressOf(x), heap.addressOf(y), util.sizeFromShape(x.shape));
    return y;
  }),
  defineWasmKernel<{ x: TensorInfo; dy: TensorInfo }>("PellucidSiluGradient", (heap, { x, dy }) => {
    const dx = heap.make(x.shape);
    const places = [x, dy, dx].map((tensor) => heap.addressOf(tensor));
    heap.functions.siluGradient(...places, util.sizeFromShape(x.shape));
    return dx;
  }),
];
