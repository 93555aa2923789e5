import { Complex, ComplexAbs, Imag, Real, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { complexOf, pairsOf } from "./pairs.ts";

export { complexArithmetic } from "./arithmetic.ts";

/** Complex numbers, which tfjs' WASM backend lacks: put together, taken apart, measured. */
export const complexNumbers: readonly WasmKernel[] = [
  overrideWasmKernel<{ real: TensorInfo; imag: TensorInfo }>(Complex, (heap, { real, imag }) => {
    const pairs = heap.make([...real.shape, 2]);
    const to = heap.addressOf(pairs);
    const steps = { rows: util.sizeFromShape(real.shape), bytes: 4, fromStep: 4, toStep: 8 };
    heap.functions.copyRows({ from: heap.addressOf(real), to, ...steps });
    heap.functions.copyRows({ from: heap.addressOf(imag), to: to + 4, ...steps });
    return complexOf(pairs);
  }),
  overrideWasmKernel<{ input: TensorInfo }>(Real, (heap, { input }) =>
    input.dtype === "complex64" ? partOf(heap, input, 0) : heap.share(input),
  ),
  overrideWasmKernel<{ input: TensorInfo }>(Imag, (heap, { input }) =>
    input.dtype === "complex64" ? partOf(heap, input, 1) : heap.zeros(input.shape),
  ),
  overrideWasmKernel<{ x: TensorInfo }>(ComplexAbs, (heap, { x }) => {
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    heap.functions.complexAbs({ from: heap.addressOf(pairsOf(x)), to: heap.addressOf(y), count });
    return y;
  }),
];

function partOf(heap: Heap, z: TensorInfo, part: 0 | 1): TensorInfo {
  const y = heap.make(z.shape);
  const from = heap.addressOf(z) + 4 * part;
  const rows = util.sizeFromShape(z.shape);
  heap.functions.copyRows({ from, to: heap.addressOf(y), rows, bytes: 4, fromStep: 8, toStep: 4 });
  return y;
}
