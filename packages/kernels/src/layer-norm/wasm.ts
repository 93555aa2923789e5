import type { normalizeRows, normalizeRowsGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A layer norm, and its gradients at all of its inputs, in two passes over each row. */
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
  defineWasmKernel<typeof normalizeRowsGradient>("PellucidLayerNormGradient", (heap, inputs) => {
    const [rows, columns] = inputs.x.shape;
    const dx = heap.make(inputs.x.shape);
    const dWeight = heap.make([columns]);
    const dBias = heap.make([columns]);
    const addresses = {
      dy: heap.addressOf(inputs.dy),
      dMeans: heap.addressOf(inputs.dMean),
      dRates: heap.addressOf(inputs.dRate),
      x: heap.addressOf(inputs.x),
      weight: heap.addressOf(inputs.weight),
      means: heap.addressOf(inputs.mean),
      rates: heap.addressOf(inputs.rate),
      dx: heap.addressOf(dx),
      dWeight: heap.addressOf(dWeight),
      dBias: heap.addressOf(dBias),
    };
    heap.borrow({ room: 24 * columns }, (room) =>
      heap.functions.layerNormGradient({ ...addresses, ...room, rows, columns }),
    );
    return [dx, dWeight, dBias];
  }),
];
