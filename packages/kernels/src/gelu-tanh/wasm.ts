import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The GELU with the hyperbolic tangent, and its gradient, each in one pass. */
export const geluTanh: readonly WasmKernel[] = [
  defineWasmKernel<{ x: TensorInfo }>("PellucidGeluTanh", (heap, { x }) => {
    const y = heap.make(x.shape);
    heap.functions.geluTanh(heap.addressOf(x), heap.addressOf(y), util.sizeFromShape(x.shape));
    return y;
  }),
  defineWasmKernel<{ x: TensorInfo; dy: TensorInfo }>("PellucidGeluTanhGradient", (heap, { x, dy }) => {
    const dx = heap.make(x.shape);
    const places = [x, dy, dx].map((tensor) => heap.addressOf(tensor));
    heap.functions.geluTanhGradient(...places, util.sizeFromShape(x.shape));
    return dx;
  }),
];
