import { Slice, slice_util, type TensorInfo, Unpack, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Bounds {
  readonly begin: number | number[];
  readonly size: number | number[];
}

/** Takes a part out, or all parts along an axis; tfjs' own go row by row, and from rank 5 on number by number. */
export const slice: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, Bounds>(Slice, (heap, { x }, { begin, size }, builtIn) => {
    if (x.dtype === "string" || x.dtype === "complex64") return builtIn();
    const [start, shape] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    slice_util.assertParamsValid(x, start, shape);
    const count = util.sizeFromShape(shape);
    if (count === util.sizeFromShape(x.shape)) return { ...heap.share(x), shape };
    const y = heap.make(shape, x.dtype);
    if (count === 0) return y;
    const bytes = util.bytesPerElement(x.dtype);
    const { axes, run, first } = runs(x.shape, start, shape);
    const table = Int32Array.from(axes.flatMap(({ count, step }) => [count, step * bytes]));
    const from = heap.addressOf(x) + first * bytes;
    const to = heap.addressOf(y);
    heap.borrow({ axes: table }, (room) =>
      heap.functions.copyBlock({ from, to, bytes: run * bytes, ...room, rank: axes.length }),
    );
    return y;
  }),
  overrideWasmKernel<{ value: TensorInfo }, { readonly axis: number }>(
    Unpack,
    (heap, { value }, { axis }, builtIn) => {
      if (value.dtype === "string" || value.dtype === "complex64") return builtIn();
      const along = util.parseAxisParam(axis, value.shape)[0] as number;
      const count = sizeAlong(value.shape, along);
      const rows = util.sizeFromShape(value.shape.slice(0, along));
      const bytes = util.sizeFromShape(value.shape.slice(along + 1)) * util.bytesPerElement(value.dtype);
      const from = heap.addressOf(value);
      return Array.from({ length: count }, (_, i) => {
        const part = heap.make(value.shape.toSpliced(along, 1), value.dtype);
        const to = heap.addressOf(part);
        const steps = { fromStep: count * bytes, toStep: bytes };
        heap.functions.copyRows({ from: from + i * bytes, to, rows, bytes, ...steps });
        return part;
      });
    },
  ),
];

/** How many runs of `run` numbers lie how far apart along which axes, the last axis last, and where the first is. */
function runs(whole: readonly number[], start: readonly number[], part: readonly number[]) {
  const axes: { count: number; step: number }[] = [];
  let [run, first, step] = [1, 0, 1];
  for (let axis = whole.length - 1; axis >= 0; axis--) {
    const [all, own] = [sizeAlong(whole, axis), sizeAlong(part, axis)];
    first += sizeAlong(start, axis) * step;
    // What is taken whole lies in one piece with the axes after it.
    if (axes.length === 0 && run === step) run *= own;
    else axes.unshift({ count: own, step });
    step *= all;
  }
  return { axes: axes.length === 0 ? [{ count: 1, step }] : axes, run, first };
}
