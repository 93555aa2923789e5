import { Identity, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** tfjs' own copies, which it does with whatever a gradient may need; no kernel writes into its inputs. */
export const identity: readonly WasmKernel[] = [
  defineWasmKernel<{ x: TensorInfo }>(Identity, (heap, { x }) => heap.share(x)),
];
