import { AvgPool, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { maxPooling } from "../wasm/max-pooling.ts";
import { type Pooling2dAttributes, pooling2dWindow } from "../wasm/pooling.ts";
import { tapsOf } from "../wasm/window.ts";

/** tfjs' own leaves what was in memory when the window is a single pixel, whose average is its maximum. */
export const avgPool = defineWasmKernel<{ x: TensorInfo }, Pooling2dAttributes>(
  AvgPool,
  (heap, { x }, attributes, builtIn) => {
    const window = pooling2dWindow(x.shape, attributes);
    if (tapsOf(window) > 1) return builtIn();
    const { batch, outHeight, outWidth, outChannels } = window;
    return maxPooling(heap, x, [batch, outHeight, outWidth, outChannels], window, NaN);
  },
);
