import type { tanhGelu } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The GELU with the hyperbolic tangent, and its gradient, each in one pass. */
export const geluTanh: readonly WasmKernel[] = [
  defineWasmKernel<(typeof tanhGelu)["forward"]>("PellucidGeluTanh", (heap, { x }) => {
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.functions.geluTanh({ x: heap.addressOf(x), y: heap.addressOf(y), count });
    return y;
  }),
  defineWasmKernel<(typeof tanhGelu)["backward"]>("PellucidGeluTanhGradient", (heap, { x, dy }) => {
    const dx = heap.make(x.shape);
    heap.functions.geluTanhGradient({
      x: heap.addressOf(x),
      dy: heap.addressOf(dy),
      dx: heap.addressOf(dx),
      count: util.sizeFromShape(x.shape),
    });
    return dx;
  }),
];
