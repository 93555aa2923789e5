import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

interface Attributes {
  readonly beta: number;
  readonly threshold: number;
}

/** The softplus in one pass. */
export const softplus: readonly WasmKernel[] = [
  defineWasmKernel<{ x: TensorInfo }, Attributes>("PellucidSoftplus", (heap, { x }, { beta, threshold }) => {
    const y = heap.make(x.shape);
    const places = [x, y].map((tensor) => heap.addressOf(tensor));
    heap.functions.softplus(...places, util.sizeFromShape(x.shape), beta, threshold);
    return y;
  }),
];
