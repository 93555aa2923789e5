import type { eluOp } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The ELU and its gradient, each in one pass. */
export const elu: readonly WasmKernel[] = [
  defineWasmKernel<(typeof eluOp)["forward"]>("PellucidElu", (heap, { x }, { alpha }) => {
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.functions.elu({ x: heap.addressOf(x), y: heap.addressOf(y), count, alpha });
    return y;
  }),
  defineWasmKernel<(typeof eluOp)["backward"]>("PellucidEluGradient", (heap, { x, dy }, { alpha }) => {
    const dx = heap.make(x.shape);
    heap.functions.eluGradient({
      x: heap.addressOf(x),
      dy: heap.addressOf(dy),
      dx: heap.addressOf(dx),
      count: util.sizeFromShape(x.shape),
      alpha,
    });
    return dx;
  }),
];
