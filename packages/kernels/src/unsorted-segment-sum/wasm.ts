import { type TensorInfo, UnsortedSegmentSum, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly segmentIds: TensorInfo;
}

/** Rows of a segment that are added up in 32 bits: as in the assembly. */
const MANY = 32;

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
      const operands = {
        rows: heap.addressOf(x),
        segments: heap.addressOf(segmentIds),
        sums: heap.addressOf(sums),
        count: rows,
        size,
        segmentCount: numSegments,
      };
      if (x.dtype !== "float32") {
        heap.functions.segmentSumInt(operands);
        return sums;
      }
      const most = Math.floor(rows / MANY);
      const blocks = { counts: most === 0 ? 0 : 4 * numSegments, totals: 8 * most * size, since: 4 * most };
      heap.borrow(blocks, (room) => heap.functions.segmentSum({ ...operands, ...room, most }));
      return sums;
    },
  ),
];
