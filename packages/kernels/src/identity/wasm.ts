import { Identity, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/** tfjs' own copies, which it does with whatever a gradient may need; no kernel writes into its inputs. */
export const identity: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }>(Identity, (heap, { x }) => heap.share(x)),
];
