import { Range, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

interface Bounds {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly dtype: "float32" | "int32";
}

/** Numbers at equal distances: a constant, which is written once, and so also once for a recorded step. */
export const range: readonly WasmKernel[] = [
  overrideWasmKernel<Record<string, TensorInfo>, Bounds>(Range, (heap, _, { start, stop, step, dtype }) => {
    const isEmpty = start === stop || (start < stop ? step < 0 : step > 1);
    const count = isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step));
    const by = stop < start && step === 1 ? -1 : step;
    const numbers = dtype === "int32" ? new Int32Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i++) numbers[i] = i === 0 ? start : (numbers[i - 1] as number) + by;
    return heap.constant([count], dtype, numbers);
  }),
];
