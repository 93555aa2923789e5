import { AvgPool, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { type Pooling2d, pooling2dWindow } from "../wasm/pooling.ts";
import { isEmpty, numbersOf } from "../wasm/window.ts";

/** Average pooling. tfjs' own gives −∞ where a window sees what is not a number, and what was in memory when the window is a single pixel. */
export const avgPool: readonly WasmKernel[] = [
  overrideFloatKernel<{ x: TensorInfo }, Pooling2d>(AvgPool, (heap, { x }, pooling) => {
    const window = pooling2dWindow(x.shape, pooling);
    const { batch, outHeight, outWidth, outChannels } = window;
    const shape = [batch, outHeight, outWidth, outChannels];
    if (isEmpty(window)) return heap.zeros(shape);
    const y = heap.make(shape);
    heap.borrow({ window: numbersOf(window) }, (room) =>
      heap.functions.avgPool({ x: heap.addressOf(x), y: heap.addressOf(y), ...room }),
    );
    return y;
  }),
];
