import type { dilatedPooling } from "@pellucid/core-train/ops";
import { MaxPool, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { largest, type Pooling2d, pooling2dWindow } from "../wasm/pooling.ts";

/**
 * Max pooling over images. tfjs' own leaves what was in memory when the window is a single pixel, and takes a number from
 * nearby for a window that sees none, and passes over what is not a number.
 */
export const maxPool: readonly WasmKernel[] = [
  overrideFloatKernel<{ x: TensorInfo }, Pooling2d>(MaxPool, (heap, { x }, pooling) =>
    largest(heap, x, pooling2dWindow(x.shape, pooling)),
  ),
  defineWasmKernel<(typeof dilatedPooling)["forward"]>("PellucidDilatedMaxPool2d", (heap, { x }, pooling) =>
    largest(heap, x, pooling2dWindow(x.shape, { ...pooling, dimRoundingMode: "floor" })),
  ),
];
