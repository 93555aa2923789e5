import { type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkConvolution } from "./check-convolution.ts";
import { convolve, convolveWithBias } from "./convolve.ts";
import type { ResolvedConvolution } from "./resolve-convolution.ts";

/** `conv2d` with a window that is resolved already. */
export function convolveImages(
  x: Tensor4D,
  weight: Tensor4D,
  bias: Tensor1D | null,
  window: ResolvedConvolution<readonly [height: number, width: number]>,
): Tensor4D {
  checkConvolution("conv2d", { x, weight, bias }, window);
  return tidy(() =>
    bias === null
      ? convolve({ x, filter: weight }, window)
      : convolveWithBias({ x, filter: weight, bias }, window),
  );
}
