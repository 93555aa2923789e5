import { MaxPoolGrad, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { maxPoolingGradient } from "../wasm/max-pooling.ts";
import { type Pooling2dAttributes, pooling2dWindow } from "../wasm/pooling.ts";

/** tfjs' own loses the gradient of windows in which nothing is positive. */
export const maxPoolGrad = defineWasmKernel<{ dy: TensorInfo; input: TensorInfo }, Pooling2dAttributes>(
  MaxPoolGrad,
  (heap, { dy, input }, attributes) =>
    maxPoolingGradient(heap, dy, input, pooling2dWindow(input.shape, attributes)),
);
