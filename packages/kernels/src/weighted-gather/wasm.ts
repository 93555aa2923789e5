import type { WeightedGatherOp, WeightedScatterOp } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** Sums of rows with weights, which bilinear samples of regions are, and their gradient, each in one pass. */
export const weightedGather: readonly WasmKernel[] = [
  defineWasmKernel<WeightedGatherOp>("PellucidWeightedGather", (heap, { x, indices, weights }) => {
    const [rows, features] = x.shape;
    const [sums, taps] = indices.shape;
    if (rows * features * sums * taps === 0) return heap.zeros([sums, features]);
    const y = heap.make([sums, features]);
    heap.functions.weightedGather({
      x: heap.addressOf(x),
      indices: heap.addressOf(indices),
      weights: heap.addressOf(weights),
      y: heap.addressOf(y),
      rows,
      sums,
      taps,
      features,
    });
    return y;
  }),
  defineWasmKernel<WeightedScatterOp>(
    "PellucidWeightedScatter",
    (heap, { dy, indices, weights }, { rows }) => {
      const features = dy.shape[1];
      const [sums, taps] = indices.shape;
      const dx = heap.zeros([rows, features]);
      if (rows * features * sums * taps === 0) return dx;
      heap.functions.weightedScatter({
        dy: heap.addressOf(dy),
        indices: heap.addressOf(indices),
        weights: heap.addressOf(weights),
        dx: heap.addressOf(dx),
        rows,
        sums,
        taps,
        features,
      });
      return dx;
    },
  ),
];
