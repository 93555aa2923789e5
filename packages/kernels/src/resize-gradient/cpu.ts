import {
  type KernelFunc,
  ResizeBilinearGrad,
  ResizeNearestNeighborGrad,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { defineCpuKernel } from "../cpu/define-cpu-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly images: TensorInfo;
  readonly dy: TensorInfo;
}

interface Attributes {
  readonly alignCorners: boolean;
}

type Shape = [batch: number, height: number, width: number, channels: number];

/** tfjs' own gives back images whose height and width are exchanged. */
const bilinear: ComposedKernel = {
  kernelName: ResizeBilinearGrad,
  make: (builtIn) =>
    function composed(call) {
      const dx = (builtIn as KernelFunc)(call) as TensorInfo;
      return { ...dx, shape: [...(call.inputs as Inputs).images.shape] };
    },
};

/** tfjs' own looks for the second image of a batch where it would be if it were not resized. */
const nearest = defineCpuKernel<Inputs, Attributes>(
  ResizeNearestNeighborGrad,
  (numbersOf, { images, dy }, { alignCorners }) => {
    const [batch, height, width, channels] = images.shape as Shape;
    const [, rows, columns] = dy.shape as Shape;
    const gradients = numbersOf(dy);
    const sums = new Float32Array(batch * height * width * channels);
    const from = (i: number, input: number, output: number) => {
      const aligned = alignCorners && output > 1;
      const position = i * (aligned ? (input - 1) / (output - 1) : input / output);
      return Math.min(input - 1, alignCorners ? Math.round(position) : Math.floor(position));
    };
    for (let n = 0; n < batch; n++) {
      for (let r = 0; r < rows; r++) {
        for (let q = 0; q < columns; q++) {
          const to = ((n * height + from(r, height, rows)) * width + from(q, width, columns)) * channels;
          const at = ((n * rows + r) * columns + q) * channels;
          for (let c = 0; c < channels; c++) {
            sums[to + c] = (sums[to + c] as number) + (gradients[at + c] as number);
          }
        }
      }
    }
    return { numbers: sums, shape: images.shape };
  },
);

export const resizeGradient: readonly ComposedKernel[] = [bilinear, nearest];
