import type { reluOp } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The gradient of the ReLU in one pass; the ReLU is tfjs' own. */
export const relu: readonly WasmKernel[] = [
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
