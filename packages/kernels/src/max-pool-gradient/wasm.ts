import { MaxPoolGrad } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { type PooledInputs, type Pooling2d, pooling2dWindow, putBack } from "../wasm/pooling.ts";

/** The gradient of max pooling over images. tfjs' own loses that of windows in which nothing is positive. */
export const maxPoolGradient: readonly WasmKernel[] = [
  defineWasmKernel<PooledInputs, Pooling2d>(MaxPoolGrad, (heap, inputs, pooling) =>
    putBack(heap, inputs, pooling2dWindow(inputs.input.shape, pooling)),
  ),
  ...["PellucidMaxPool2dGradient", "PellucidDilatedMaxPool2dGradient"].map((name) =>
    defineWasmKernel<PooledInputs, Pooling2d>(name, (heap, inputs, pooling) =>
      putBack(heap, inputs, pooling2dWindow(inputs.input.shape, { ...pooling, dimRoundingMode: "floor" })),
    ),
  ),
];
