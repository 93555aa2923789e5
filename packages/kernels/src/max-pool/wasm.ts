import type { dilatedPooling } from "@pellucid/core-train/ops";
import { MaxPool, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { largest, type Pooling2d, pooling2dWindow } from "../wasm/pooling.ts";
import { isEmpty, tapsOf, type Window } from "../wasm/window.ts";

/**
 * Max pooling over images. tfjs' own leaves what was in memory when the window is a single pixel, and takes a number from
 * nearby for a window that sees none, and passes over what is not a number.
 */
export const maxPool: readonly WasmKernel[] = [
  overrideFloatKernel<{ x: TensorInfo }, Pooling2d>(MaxPool, (heap, { x }, pooling, builtIn) => {
    const window = pooling2dWindow(x.shape, pooling);
    const isDense = window.dilationHeight * window.dilationWidth === 1;
    const isTheirs = isDense && tapsOf(window) > 1 && !isEmpty(window) && everyWindowSees(window);
    return isTheirs && !hasNaN(heap, x) ? builtIn() : largest(heap, x, window);
  }),
  defineWasmKernel<(typeof dilatedPooling)["forward"]>("PellucidDilatedMaxPool2d", (heap, { x }, pooling) =>
    largest(heap, x, pooling2dWindow(x.shape, { ...pooling, dimRoundingMode: "floor" })),
  ),
];

/** Whether no window lies in the padding alone. */
function everyWindowSees(window: Window): boolean {
  const { inHeight, outHeight, filterHeight, strideHeight, top } = window;
  const { inWidth, outWidth, filterWidth, strideWidth, left } = window;
  const starts = top < filterHeight && left < filterWidth;
  return (
    starts && (outHeight - 1) * strideHeight - top < inHeight && (outWidth - 1) * strideWidth - left < inWidth
  );
}

const hasNaN = (heap: Heap, x: TensorInfo): boolean =>
  heap.functions.hasNaN({ x: heap.addressOf(x), count: util.sizeFromShape(x.shape) }) === 1;
