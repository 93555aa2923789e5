import { MaxPool3D, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { largest, type Pooling3d, pooling3dWindow } from "../wasm/pooling.ts";

/** Max pooling over volumes. tfjs' own gives 1.2e-38 for windows in which nothing is positive, and passes over what is not a number. */
export const maxPool3d: readonly WasmKernel[] = [
  overrideFloatKernel<{ x: TensorInfo }, Pooling3d>(MaxPool3D, (heap, { x }, pooling) =>
    largest(heap, x, pooling3dWindow(x.shape, pooling)),
  ),
];
