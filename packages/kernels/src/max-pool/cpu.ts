import { MaxPool, MaxPool3D, type TensorInfo } from "@tensorflow/tfjs-core";
import { type CpuKernel, defineCpuKernel } from "../cpu/define-cpu-kernel.ts";
import { type Pooling2d, pooling2dWindow, type Pooling3d, pooling3dWindow } from "../wasm/pooling.ts";
import type { Window } from "../wasm/window.ts";

/** Max pooling over images and volumes. tfjs' own pass over what is not a number, which makes the window NaN in PyTorch. */
export const maxPool: readonly CpuKernel[] = [
  defineCpuKernel<{ x: TensorInfo }, Pooling2d>(MaxPool, (numbersOf, { x }, pooling) => {
    const window = pooling2dWindow(x.shape, pooling);
    const { batch, outHeight, outWidth, outChannels } = window;
    const shape = [batch, outHeight, outWidth, outChannels];
    return { numbers: largest(numbersOf(x), window), shape };
  }),
  defineCpuKernel<{ x: TensorInfo }, Pooling3d>(MaxPool3D, (numbersOf, { x }, pooling) => {
    const window = pooling3dWindow(x.shape, pooling);
    const { batch, outDepth, outHeight, outWidth, outChannels } = window;
    const shape = [batch, outDepth, outHeight, outWidth, outChannels];
    return { numbers: largest(numbersOf(x), window), shape };
  }),
];

/** The largest number under each window. */
function largest(x: Float32Array | Int32Array, window: Window): Float32Array | Int32Array {
  const { batch, inDepth, inHeight, inWidth, outDepth, outHeight, outWidth, outChannels: channels } = window;
  const size = batch * outDepth * outHeight * outWidth * channels;
  const y = x instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  y.fill(-Infinity);
  let to = 0;
  for (let n = 0; n < batch; n++) {
    for (let d = 0; d < outDepth; d++) {
      const planes = inside(
        d * window.strideDepth - window.front,
        window.filterDepth,
        window.dilationDepth,
        inDepth,
      );
      for (let r = 0; r < outHeight; r++) {
        const rows = inside(
          r * window.strideHeight - window.top,
          window.filterHeight,
          window.dilationHeight,
          inHeight,
        );
        for (let q = 0; q < outWidth; q++, to += channels) {
          const columns = inside(
            q * window.strideWidth - window.left,
            window.filterWidth,
            window.dilationWidth,
            inWidth,
          );
          for (const i of planes) {
            for (const j of rows) {
              const line = ((n * inDepth + i) * inHeight + j) * inWidth;
              for (const k of columns) raise(y, to, x, (line + k) * channels, channels);
            }
          }
        }
      }
    }
  }
  return y;
}

/** The positions of a window along an axis that are in the input. */
function inside(start: number, taps: number, dilation: number, size: number): number[] {
  return Array.from({ length: taps }, (_, tap) => start + tap * dilation).filter(
    (at) => at >= 0 && at < size,
  );
}

/** `y = max(y, x)` of neighboring numbers. */
function raise(
  y: Float32Array | Int32Array,
  to: number,
  x: Float32Array | Int32Array,
  from: number,
  count: number,
): void {
  for (let c = 0; c < count; c++) y[to + c] = Math.max(y[to + c] as number, x[from + c] as number);
}
