import { Cast, type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/**
 * From one dtype to another. tfjs' own goes through JavaScript, which no recording of calls can repeat, and takes 256 for false where it
 * makes bools.
 */
export const cast: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, { readonly dtype: DataType }>(
    Cast,
    (heap, { x }, { dtype }, builtIn) => {
      if (x.dtype === dtype) return x.dtype === "string" ? builtIn() : heap.share(x);
      const convert = conversions[`${x.dtype} ${dtype}`]?.(heap.functions);
      if (convert === undefined) return builtIn();
      const y = heap.make(x.shape, dtype);
      convert({ x: heap.addressOf(x), y: heap.addressOf(y), count: util.sizeFromShape(x.shape) });
      return y;
    },
  ),
];

type Convert = (values: { readonly x: number; readonly y: number; readonly count: number }) => void;

const conversions: Readonly<Record<string, (functions: Heap["functions"]) => Convert>> = {
  "int32 float32": (functions) => functions.integersToFloats,
  "float32 int32": (functions) => functions.floatsToIntegers,
  "bool float32": (functions) => functions.boolsToFloats,
  "bool int32": (functions) => functions.boolsToIntegers,
  "float32 bool": (functions) => functions.floatsToBools,
  "int32 bool": (functions) => functions.integersToBools,
};
