import { type DataType, Fill, OnesLike, type TensorInfo, util, ZerosLike } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

interface FillAttributes {
  readonly shape: number[];
  readonly value: number | string;
  readonly dtype?: DataType;
}

/** One number, many times. tfjs' own write it from JavaScript, which no recording of calls can repeat. */
export const fill: readonly WasmKernel[] = [
  overrideWasmKernel<Record<string, never>, FillAttributes>(Fill, (heap, _, attributes, builtIn) => {
    const { shape, value, dtype = util.inferDtype(value) } = attributes;
    return typeof value === "string" || !isNumeric(dtype) ? builtIn() : heap.filled(shape, dtype, value);
  }),
  likeKernel(ZerosLike, 0),
  likeKernel(OnesLike, 1),
];

function likeKernel(kernelName: string, value: number): WasmKernel {
  return overrideWasmKernel<{ x: TensorInfo }>(kernelName, (heap: Heap, { x }, _, builtIn) =>
    isNumeric(x.dtype) ? heap.filled(x.shape, x.dtype, value) : builtIn(),
  );
}

const isNumeric = (dtype: DataType): boolean => dtype === "float32" || dtype === "int32" || dtype === "bool";
