import { Cumprod, Cumsum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { type Along, along } from "./along.ts";

/**
 * Running sums and products: in 64 bits, as PyTorch has them, and of integers modulo 2³². tfjs' own add up in 32 bits, read outside
 * of memory for an axis that is counted from the end, and divide by a length of 0.
 */
export const cumulative: readonly WasmKernel[] = [Cumsum, Cumprod].map((name) =>
  overrideWasmKernel<{ x: TensorInfo }, Along>(name, (heap, { x }, attributes, builtIn) => {
    const { axis, exclusive, reverse } = attributes;
    if (x.dtype !== "float32" && x.dtype !== "int32") return builtIn();
    const y = heap.make(x.shape, x.dtype);
    if (util.sizeFromShape(x.shape) === 0) return y;
    heap.functions.cumulative({
      isProduct: name === Cumprod,
      isExclusive: exclusive,
      isBackward: reverse,
      isInt: x.dtype === "int32",
      x: heap.addressOf(x),
      y: heap.addressOf(y),
      ...along(x, axis),
    });
    return y;
  }),
);
