import type { normalizeRows } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A layer norm in two passes over each row. */
export const layerNorm: readonly WasmKernel[] = [
  defineWasmKernel<typeof normalizeRows>("PellucidLayerNorm", (heap, { x, weight, bias }, { eps }) => {
    const [rows, columns] = x.shape;
    const y = heap.make(x.shape);
    const mean = heap.make([rows, 1]);
    const rate = heap.make([rows, 1]);
    heap.functions.layerNorm({
      x: heap.addressOf(x),
      weight: heap.addressOf(weight),
      bias: heap.addressOf(bias),
      y: heap.addressOf(y),
      means: heap.addressOf(mean),
      rates: heap.addressOf(rate),
      rows,
      columns,
      eps,
    });
    return [y, mean, rate];
  }),
];
