import { Complex, ComplexAbs, Imag, Real, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { complexOf, pairsOf } from "./pairs.ts";

/** Complex numbers, which tfjs' WASM backend lacks: put together, taken apart, measured. */
export const complexNumbers: readonly WasmKernel[] = [
  defineWasmKernel<{ real: TensorInfo; imag: TensorInfo }>(Complex, (heap, { real, imag }) => {
    const pairs = heap.make([...real.shape, 2]);
    const [to, count] = [heap.addressOf(pairs), util.sizeFromShape(real.shape)];
    heap.functions.copyRows(heap.addressOf(real), to, count, 4, 4, 8);
    heap.functions.copyRows(heap.addressOf(imag), to + 4, count, 4, 4, 8);
    return complexOf(pairs);
  }),
  defineWasmKernel<{ input: TensorInfo }>(Real, (heap, { input }) =>
    input.dtype === "complex64" ? partOf(heap, input, 0) : heap.share(input),
  ),
  defineWasmKernel<{ input: TensorInfo }>(Imag, (heap, { input }) =>
    input.dtype === "complex64" ? partOf(heap, input, 1) : heap.zeros(input.shape),
  ),
  defineWasmKernel<{ x: TensorInfo }>(ComplexAbs, (heap, { x }) => {
    const y = heap.make(x.shape);
    heap.functions.complexAbs(heap.addressOf(pairsOf(x)), heap.addressOf(y), util.sizeFromShape(x.shape));
    return y;
  }),
];

function partOf(heap: Heap, z: TensorInfo, part: 0 | 1): TensorInfo {
  const y = heap.make(z.shape);
  const from = heap.addressOf(z) + 4 * part;
  heap.functions.copyRows(from, heap.addressOf(y), util.sizeFromShape(z.shape), 4, 8, 4);
  return y;
}
