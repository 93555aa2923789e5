import { MaxPool3DGrad } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { type PooledInputs, type Pooling3d, pooling3dWindow, putBack } from "../wasm/pooling.ts";

/** The gradient of max pooling over volumes. tfjs' own loses that of windows in which nothing is positive. */
export const maxPool3dGradient: readonly WasmKernel[] = [
  overrideFloatKernel<PooledInputs, Pooling3d>(MaxPool3DGrad, (heap, inputs, pooling) =>
    putBack(heap, inputs, pooling3dWindow(inputs.input.shape, pooling)),
  ),
];
