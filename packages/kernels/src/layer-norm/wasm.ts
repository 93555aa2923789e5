import type { TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

type Inputs = Readonly<Record<"x" | "weight" | "bias", TensorInfo>>;

/** A layer norm in two passes over each row. */
export const layerNorm: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, { readonly eps: number }>(
    "PellucidLayerNorm",
    (heap, { x, weight, bias }, { eps }) => {
      const [rows, columns] = x.shape as [number, number];
      const results = [heap.make(x.shape), heap.make([rows, 1]), heap.make([rows, 1])];
      const places = [x, weight, bias, ...results].map((tensor) => heap.addressOf(tensor));
      heap.functions.layerNorm(...places, rows, columns, eps);
      return results;
    },
  ),
];
