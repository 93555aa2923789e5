import type { normalizeColumns, normalizeColumnsGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A batch norm in three passes, and its gradients at all of its inputs in two. */
export const batchNorm: readonly WasmKernel[] = [
  defineWasmKernel<typeof normalizeColumns>("PellucidBatchNorm", (heap, { x, weight, bias }, { eps }) => {
    const [rows, columns] = x.shape;
    const y = heap.make(x.shape);
    const mean = heap.make([columns]);
    const variance = heap.make([columns]);
    const addresses = {
      x: heap.addressOf(x),
      weight: heap.addressOf(weight),
      bias: heap.addressOf(bias),
      y: heap.addressOf(y),
      means: heap.addressOf(mean),
      variances: heap.addressOf(variance),
    };
    heap.borrow({ room: 12 * columns }, (room) =>
      heap.functions.batchNorm({ ...addresses, ...room, rows, columns, width: columns, eps }),
    );
    return [y, mean, variance];
  }),
  defineWasmKernel<typeof normalizeColumnsGradient>("PellucidBatchNormGradient", (heap, inputs, { eps }) => {
    const [rows, columns] = inputs.x.shape;
    const dx = heap.make(inputs.x.shape);
    const dWeight = heap.make([columns]);
    const dBias = heap.make([columns]);
    const addresses = {
      dy: heap.addressOf(inputs.dy),
      dMeans: heap.addressOf(inputs.dMean),
      dVariances: heap.addressOf(inputs.dVariance),
      x: heap.addressOf(inputs.x),
      weight: heap.addressOf(inputs.weight),
      means: heap.addressOf(inputs.mean),
      variances: heap.addressOf(inputs.variance),
      dx: heap.addressOf(dx),
      dWeight: heap.addressOf(dWeight),
      dBias: heap.addressOf(dBias),
    };
    heap.borrow({ room: 24 * columns }, (room) =>
      heap.functions.batchNormGradient({ ...addresses, ...room, rows, columns, width: columns, eps }),
    );
    return [dx, dWeight, dBias];
  }),
];
