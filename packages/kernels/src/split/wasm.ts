import { backend_util, SplitV, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Attributes {
  readonly numOrSizeSplits: number[] | number;
  readonly axis: number;
}

/** Splits along an axis, as the gradient of concatenation does. */
export const split: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, Attributes>(
    SplitV,
    (heap, { x }, { numOrSizeSplits, axis }, builtIn) => {
      if (x.dtype === "string") return builtIn();
      const along = util.parseAxisParam(axis, x.shape)[0] as number;
      const rows = util.sizeFromShape(x.shape.slice(0, along));
      const bytes = util.sizeFromShape(x.shape.slice(along + 1)) * util.bytesPerElement(x.dtype);
      const step = sizeAlong(x.shape, along) * bytes;
      let from = heap.addressOf(x);
      return backend_util.prepareSplitSize(x, numOrSizeSplits, along).map((size) => {
        const part = heap.make(x.shape.with(along, size), x.dtype);
        const own = size * bytes;
        const to = heap.addressOf(part);
        heap.functions.copyRows({ from, to, rows, bytes: own, fromStep: step, toStep: own });
        from += own;
        return part;
      });
    },
  ),
];
