import type { scaleRows } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A norm of the root mean square in two passes over each row. */
export const rmsNorm: readonly WasmKernel[] = [
  defineWasmKernel<typeof scaleRows>("PellucidRmsNorm", (heap, { x, weight }, { eps }) => {
    const [rows, columns] = x.shape;
    const y = heap.make(x.shape);
    const rate = heap.make([rows, 1]);
    heap.functions.rmsNorm({
      x: heap.addressOf(x),
      weight: heap.addressOf(weight),
      y: heap.addressOf(y),
      rates: heap.addressOf(rate),
      rows,
      columns,
      eps,
    });
    return [y, rate];
  }),
];
