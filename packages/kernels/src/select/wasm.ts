import { Select, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

type Inputs = Readonly<Record<"condition" | "t" | "e", TensorInfo>>;

/** One or the other; tfjs' own writes bools as numbers of four bytes, beyond the end of the result, and goes number by number. */
export const select: readonly WasmKernel[] = [
  overrideWasmKernel<Inputs>(Select, (heap, { condition, t, e }, _, builtIn) => {
    if (t.dtype === "string" || t.dtype === "complex64" || t.dtype !== e.dtype) return builtIn();
    const count = util.sizeFromShape(condition.shape);
    const size = util.sizeFromShape(t.shape);
    if (count === 0) return heap.zeros(t.shape, t.dtype);
    const out = heap.make(t.shape, t.dtype);
    heap.functions.select({
      condition: heap.addressOf(condition),
      t: heap.addressOf(t),
      e: heap.addressOf(e),
      out: heap.addressOf(out),
      count,
      bytes: (size / count) * util.bytesPerElement(t.dtype),
    });
    return out;
  }),
];
