import type { reluOp } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The ReLU and its gradient, each in one pass. */
export const relu: readonly WasmKernel[] = [
  defineWasmKernel<(typeof reluOp)["forward"]>("PellucidRelu", (heap, { x }) => {
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.functions.relu({ x: heap.addressOf(x), y: heap.addressOf(y), count });
    return y;
  }),
  defineWasmKernel<(typeof reluOp)["backward"]>("PellucidReluGradient", (heap, { x, dy }) => {
    const dx = heap.make(x.shape);
    heap.functions.reluGradient({
      x: heap.addressOf(x),
      dy: heap.addressOf(dy),
      dx: heap.addressOf(dx),
      count: util.sizeFromShape(x.shape),
    });
    return dx;
  }),
];
