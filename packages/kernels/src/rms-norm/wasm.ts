import type { TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

type Inputs = Readonly<Record<"x" | "weight", TensorInfo>>;

/** A norm of the mean square in two passes over each row. */
export const rmsNorm: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, { readonly eps: number }>("PellucidRmsNorm", (heap, { x, weight }, { eps }) => {
    const [rows, columns] = x.shape as [number, number];
    const results = [heap.make(x.shape), heap.make([rows, 1])];
    const places = [x, weight, ...results].map((tensor) => heap.addressOf(tensor));
    heap.functions.rmsNorm(...places, rows, columns, eps);
    return results;
  }),
];
