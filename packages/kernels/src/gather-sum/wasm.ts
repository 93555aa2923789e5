import type { EdgeDotOp, GatherSumOp, SegmentSoftmaxOp } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** Sums over the edges of a graph, the products of their ends, and softmax over the edges of each target, each in one pass. */
export const gatherSum: readonly WasmKernel[] = [
  defineWasmKernel<GatherSumOp>("PellucidGatherSum", (heap, { x, weight, ptr, column, edge }) => {
    const [features, heads, rows] = [x.shape[1], weight.shape[1], ptr.shape[0] - 1];
    if (column.shape[0] * features * rows === 0) return heap.zeros([rows, features]);
    const y = heap.make([rows, features]);
    heap.functions.gatherSum({
      x: heap.addressOf(x),
      weight: weight.shape[0] === 0 ? 0 : heap.addressOf(weight),
      ptr: heap.addressOf(ptr),
      column: heap.addressOf(column),
      edge: heap.addressOf(edge),
      y: heap.addressOf(y),
      rows,
      features,
      heads,
    });
    return y;
  }),
  defineWasmKernel<EdgeDotOp>("PellucidEdgeDot", (heap, { a, b, target, source }, { heads }) => {
    const [edges, features] = [target.shape[0], a.shape[1]];
    if (edges * features === 0) return heap.zeros([edges, heads]);
    const y = heap.make([edges, heads]);
    heap.functions.edgeDot({
      a: heap.addressOf(a),
      b: heap.addressOf(b),
      target: heap.addressOf(target),
      source: heap.addressOf(source),
      y: heap.addressOf(y),
      edges,
      features,
      heads,
    });
    return y;
  }),
  defineWasmKernel<SegmentSoftmaxOp>("PellucidSegmentSoftmax", (heap, { x, ptr, edge }) => {
    const [edges, heads] = x.shape;
    const y = heap.make(x.shape);
    if (edges * heads === 0) return y;
    heap.functions.segmentSoftmax({
      x: heap.addressOf(x),
      ptr: heap.addressOf(ptr),
      edge: heap.addressOf(edge),
      y: heap.addressOf(y),
      rows: ptr.shape[0] - 1,
      edges,
      heads,
    });
    return y;
  }),
];
