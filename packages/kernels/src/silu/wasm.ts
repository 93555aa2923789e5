import type { siluOp } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The SiLU and its gradient, each in one pass. */
export const silu: readonly WasmKernel[] = [
  defineWasmKernel<(typeof siluOp)["forward"]>("PellucidSilu", (heap, { x }) => {
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.functions.silu({ x: heap.addressOf(x), y: heap.addressOf(y), count });
    return y;
  }),
  defineWasmKernel<(typeof siluOp)["backward"]>("PellucidSiluGradient", (heap, { x, dy }) => {
    const dx = heap.make(x.shape);
    heap.functions.siluGradient({
      x: heap.addressOf(x),
      dy: heap.addressOf(dy),
      dx: heap.addressOf(dx),
      count: util.sizeFromShape(x.shape),
    });
    return dx;
  }),
];
