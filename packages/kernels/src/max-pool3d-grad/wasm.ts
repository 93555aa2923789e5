import { MaxPool3DGrad, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { maxPoolingGradient } from "../wasm/max-pooling.ts";
import { type Pooling3dAttributes, pooling3dWindow } from "../wasm/pooling.ts";

/** tfjs' own loses the gradient of windows in which nothing is positive. */
export const maxPool3dGrad = defineWasmKernel<{ dy: TensorInfo; input: TensorInfo }, Pooling3dAttributes>(
  MaxPool3DGrad,
  (heap, { dy, input }, attributes) =>
    maxPoolingGradient(heap, dy, input, pooling3dWindow(input.shape, attributes)),
);
