import { MaxPool, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { maxPooling } from "../wasm/max-pooling.ts";
import { type Pooling2dAttributes, pooling2dWindow } from "../wasm/pooling.ts";
import { tapsOf } from "../wasm/window.ts";

/** tfjs' own leaves what was in memory when the window is a single pixel, and knows no dilations. */
export const maxPool = defineWasmKernel<{ x: TensorInfo }, Pooling2dAttributes>(
  MaxPool,
  (heap, { x }, attributes, builtIn) => {
    const window = pooling2dWindow(x.shape, attributes);
    if (tapsOf(window) > 1 && (attributes.dilations ?? 1) === 1 && x.shape[0] !== 0) return builtIn();
    const { batch, outHeight, outWidth, outChannels } = window;
    return maxPooling(heap, x, [batch, outHeight, outWidth, outChannels], window);
  },
);
