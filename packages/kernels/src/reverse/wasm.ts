import { Reverse, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/** Turns axes around, in one pass; tfjs' own writes bools as numbers of four bytes, beyond the end of the result. */
export const reverse: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, { readonly dims: number | number[] }>(
    Reverse,
    (heap, { x }, { dims }, builtIn) => {
      if (x.dtype === "string" || x.dtype === "complex64") return builtIn();
      const turned = new Set(util.parseAxisParam(dims, x.shape));
      const y = heap.make(x.shape, x.dtype);
      if (util.sizeFromShape(x.shape) === 0) return y;
      const last = Math.max(-1, ...turned);
      const run = util.sizeFromShape(x.shape.slice(last + 1)) * util.bytesPerElement(x.dtype);
      let [from, step] = [heap.addressOf(x), run];
      const axes: [count: number, step: number][] = [];
      for (const [axis, count] of [...x.shape.slice(0, last + 1).entries()].toReversed()) {
        if (turned.has(axis)) from += (count - 1) * step;
        axes.unshift([count, turned.has(axis) ? -step : step]);
        step *= count;
      }
      if (axes.length === 0) axes.push([1, run]);
      heap.borrow({ axes: Int32Array.from(axes.flat()) }, (room) =>
        heap.functions.copyBlock({ from, to: heap.addressOf(y), bytes: run, ...room, rank: axes.length }),
      );
      return y;
    },
  ),
];
