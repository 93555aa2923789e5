import {
  slice_util,
  StridedSlice,
  type StridedSliceAttrs,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

/**
 * Takes every so many along axes, in one pass. tfjs' own forgets the axes that are taken away when others have a stride, and calls the bits of
 * integers floats.
 */
export const stridedSlice: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, StridedSliceAttrs>(StridedSlice, (heap, { x }, spec, builtIn) => {
    if (x.dtype === "string" || x.dtype === "complex64") return builtIn();
    const { begin, end, strides, finalShape } = slice_util.sliceInfo(
      x.shape,
      spec.begin,
      spec.end,
      spec.strides,
      spec.beginMask,
      spec.endMask,
      spec.ellipsisMask,
      spec.newAxisMask,
      spec.shrinkAxisMask,
    );
    const y = heap.make(finalShape, x.dtype);
    if (util.sizeFromShape(finalShape) === 0) return y;
    const counts = slice_util.computeOutShape(begin, end, strides);
    const bytes = util.bytesPerElement(x.dtype);
    const axes: [count: number, step: number][] = [];
    let [from, step] = [heap.addressOf(x), bytes];
    for (const [axis, count] of [...counts.entries()].toReversed()) {
      from += sizeAlong(begin, axis) * step;
      axes.unshift([count, sizeAlong(strides, axis) * step]);
      step *= sizeAlong(x.shape, axis);
    }
    if (axes.length === 0) axes.push([1, bytes]);
    heap.borrow({ axes: Int32Array.from(axes.flat()) }, (room) =>
      heap.functions.copyBlock({ from, to: heap.addressOf(y), bytes, ...room, rank: axes.length }),
    );
    return y;
  }),
];
