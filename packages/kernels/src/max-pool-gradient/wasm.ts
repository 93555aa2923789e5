import type { densePooling, dilatedPooling } from "@pellucid/core-train/ops";
import { MaxPoolGrad } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { type PooledInputs, type Pooling2d, pooling2dWindow, putBack } from "../wasm/pooling.ts";

/** The gradient of max pooling over images. tfjs' own loses that of windows in which nothing is positive. */
export const maxPoolGradient: readonly WasmKernel[] = [
  overrideFloatKernel<PooledInputs, Pooling2d>(MaxPoolGrad, (heap, inputs, pooling) =>
    putBack(heap, inputs, pooling2dWindow(inputs.input.shape, pooling)),
  ),
  defineWasmKernel<(typeof densePooling)["backward"]>("PellucidMaxPool2dGradient", byWholeWindows),
  defineWasmKernel<(typeof dilatedPooling)["backward"]>("PellucidDilatedMaxPool2dGradient", byWholeWindows),
];

/** Of windows that lie in the padded image as a whole. */
function byWholeWindows(heap: Heap, inputs: PooledInputs, pooling: Pooling2d) {
  return putBack(heap, inputs, pooling2dWindow(inputs.input.shape, { ...pooling, dimRoundingMode: "floor" }));
}
