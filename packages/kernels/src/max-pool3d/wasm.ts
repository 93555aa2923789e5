import { MaxPool3D, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { maxPooling } from "../wasm/max-pooling.ts";
import { type Pooling3dAttributes, pooling3dWindow } from "../wasm/pooling.ts";

/** tfjs' own gives 1.2e-38 for windows in which nothing is positive. */
export const maxPool3d = defineWasmKernel<{ x: TensorInfo }, Pooling3dAttributes>(
  MaxPool3D,
  (heap, { x }, attributes) => {
    const window = pooling3dWindow(x.shape, attributes);
    const { batch, outDepth, outHeight, outWidth, outChannels } = window;
    return maxPooling(heap, x, [batch, outDepth, outHeight, outWidth, outChannels], window);
  },
);
