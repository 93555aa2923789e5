import { type TensorInfo, UnsortedSegmentSum, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The sum of the rows of each segment, added in their order, which tfjs' WASM backend lacks: the gradient of an embedding. */
export const unsortedSegmentSum = defineWasmKernel<
  { x: TensorInfo; segmentIds: TensorInfo },
  { readonly numSegments: number }
>(UnsortedSegmentSum, (heap, { x, segmentIds }, { numSegments }) => {
  const rows = util.sizeFromShape(segmentIds.shape);
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  const size = util.sizeFromShape(shape.slice(1));
  const sums = heap.zeros(shape, x.dtype);
  if (rows === 0 || size === 0 || numSegments === 0) return sums;
  const add = x.dtype === "float32" ? heap.functions.segmentSum : heap.functions.segmentSumInt;
  add(heap.addressOf(x), heap.addressOf(segmentIds), heap.addressOf(sums), rows, size, numSegments);
  return sums;
});
