import {
  backend_util,
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { type CpuKernel, defineCpuKernel } from "../cpu/define-cpu-kernel.ts";
import type { TfjsConvolution } from "../wasm/convolution.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

interface Attributes extends TfjsConvolution {
  readonly filterShape: [number, number, number, number];
}

/** The gradient of a convolution over images at its filter. tfjs' own looks up each number by its coordinates: fifty times as long. */
export const conv2dFilter: readonly CpuKernel[] = [
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
].map((name, depthwise) =>
  defineCpuKernel<Inputs, Attributes>(name, (numbersOf, { x, dy }, attributes) => {
    const { strides, pad, dataFormat, dimRoundingMode, dilations, filterShape } = attributes;
    if (dataFormat === "NCHW") {
      throw new RangeError(
        `${name}: dataFormat is NCHW, expected NHWC. Transpose to [batch, height, width, channel].`,
      );
    }
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise === 1,
    );
    const sums = new Float64Array(filterShape.reduce((product, size) => product * size, 1));
    const add = depthwise === 1 ? addOfEachChannel : addOfAllChannels;
    const [inputs, gradients] = [numbersOf(x), numbersOf(dy)];
    eachWindow(info, (input, output, tap) => add(info, sums, inputs, gradients, input, output, tap));
    return { numbers: Float32Array.from(sums), shape: filterShape };
  }),
);

type Numbers = Float32Array | Int32Array;

/** Visits each pixel that a window sees: its number, the number of the window's output, and its position in the window. */
function eachWindow(
  info: backend_util.Conv2DInfo,
  visit: (input: number, output: number, tap: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  for (let n = 0; n < batchSize; n++) {
    for (let r = 0; r < outHeight; r++) {
      for (let q = 0; q < outWidth; q++) {
        const output = (n * outHeight + r) * outWidth + q;
        for (let i = 0; i < filterHeight; i++) {
          const row = r * info.strideHeight + i * info.dilationHeight - padInfo.top;
          if (row < 0 || row >= inHeight) continue;
          for (let j = 0; j < filterWidth; j++) {
            const column = q * info.strideWidth + j * info.dilationWidth - padInfo.left;
            if (column < 0 || column >= inWidth) continue;
            visit((n * inHeight + row) * inWidth + column, output, i * filterWidth + j);
          }
        }
      }
    }
  }
}

function addOfAllChannels(
  { inChannels, outChannels }: backend_util.Conv2DInfo,
  sums: Float64Array,
  x: Numbers,
  dy: Numbers,
  input: number,
  output: number,
  tap: number,
): void {
  for (let c = 0; c < inChannels; c++) {
    const value = x[input * inChannels + c] as number;
    const to = (tap * inChannels + c) * outChannels;
    for (let o = 0; o < outChannels; o++) {
      sums[to + o] = (sums[to + o] as number) + value * (dy[output * outChannels + o] as number);
    }
  }
}

function addOfEachChannel(
  { inChannels, outChannels }: backend_util.Conv2DInfo,
  sums: Float64Array,
  x: Numbers,
  dy: Numbers,
  input: number,
  output: number,
  tap: number,
): void {
  const times = outChannels / inChannels;
  for (let o = 0; o < outChannels; o++) {
    const value = x[input * inChannels + Math.floor(o / times)] as number;
    const to = tap * outChannels + o;
    sums[to] = (sums[to] as number) + value * (dy[output * outChannels + o] as number);
  }
}
