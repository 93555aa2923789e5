import { AvgPool, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { largest, type Pooling2d, pooling2dWindow } from "../wasm/pooling.ts";
import { tapsOf } from "../wasm/window.ts";

/** tfjs' own leaves what was in memory when the window is a single pixel, whose average is its maximum. */
export const avgPool: readonly WasmKernel[] = [
  overrideFloatKernel<{ x: TensorInfo }, Pooling2d>(AvgPool, (heap, { x }, pooling, builtIn) => {
    const window = pooling2dWindow(x.shape, pooling);
    return tapsOf(window) > 1 ? builtIn() : largest(heap, x, window, NaN);
  }),
];
