import { type TensorInfo, UnsortedSegmentSum, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly segmentIds: TensorInfo;
}

/** The sum of the rows of each segment, added in their order, which tfjs' WASM backend lacks: the gradient of an embedding. */
export const unsortedSegmentSum: readonly WasmKernel[] = [
  overrideWasmKernel<Inputs, { readonly numSegments: number }>(
    UnsortedSegmentSum,
    (heap, { x, segmentIds }, { numSegments }) => {
      const rows = util.sizeFromShape(segmentIds.shape);
      const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
      const size = util.sizeFromShape(shape.slice(1));
      if (rows * size * numSegments === 0) return heap.zeros(shape, x.dtype);
      const sums = heap.make(shape, x.dtype);
      const add = x.dtype === "float32" ? heap.functions.segmentSum : heap.functions.segmentSumInt;
      add({
        rows: heap.addressOf(x),
        segments: heap.addressOf(segmentIds),
        sums: heap.addressOf(sums),
        count: rows,
        size,
        segmentCount: numSegments,
      });
      return sums;
    },
  ),
];
