import type { softplusOp } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The softplus in one pass. */
export const softplus: readonly WasmKernel[] = [
  defineWasmKernel<(typeof softplusOp)["forward"]>("PellucidSoftplus", (heap, { x }, { beta, threshold }) => {
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.functions.softplus({ x: heap.addressOf(x), y: heap.addressOf(y), count, beta, threshold });
    return y;
  }),
];
