import { type Rank, reshape, type Tensor1D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkConvolution } from "./check-convolution.ts";
import { convolve, convolveWithBias } from "./convolve.ts";
import type { ResolvedConvolution } from "./resolve-convolution.ts";

/** `conv1d` with a window that is resolved already. */
export function convolveSequences(
  x: Tensor3D,
  weight: Tensor3D,
  bias: Tensor1D | null,
  window: ResolvedConvolution<readonly [time: number]>,
): Tensor3D {
  checkConvolution("conv1d", { x, weight, bias }, window);
  const { strides, padding, dilations, groups } = window;
  const convolution = {
    strides: [1, ...strides] as const,
    padding: [[0, 0], ...padding] as const,
    dilations: [1, ...dilations] as const,
    groups,
  };
  return tidy(() => {
    const [batch, time, inChannels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, inChannels]); //        [batch, 1, time, in]
    const filter = reshape<Rank.R4>(weight, [1, ...weight.shape]); //        [1, kernel, in / groups, out]
    const y =
      bias === null
        ? convolve({ x: row, filter }, convolution)
        : convolveWithBias({ x: row, filter, bias }, convolution);
    return reshape(y, [batch, y.shape[2], y.shape[3]]); //          [batch, time, out]
  });
}
