import { type TensorInfo, Transpose } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/** Where only axes of length 1 move, the same numbers in the same memory. tfjs' own copies them in JavaScript, which no recording of calls can repeat. */
export const transpose: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, { readonly perm: readonly number[] }>(
    Transpose,
    (heap, { x }, { perm }, builtIn) => {
      const moved = perm.filter((axis) => x.shape[axis] !== 1);
      const isInOrder = moved.every((axis, i) => i === 0 || axis > (moved[i - 1] as number));
      if (!isInOrder || x.dtype === "string" || x.dtype === "complex64") return builtIn();
      return { ...heap.share(x), shape: perm.map((axis) => x.shape[axis] as number) };
    },
  ),
];
