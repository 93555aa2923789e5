import {
  add,
  type Rank,
  reshape,
  type ShapeMap,
  type Tensor1D,
  type Tensor4D,
  type Tensor5D,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkConvolution } from "./check-convolution.ts";
import { convolve, convolveWithBias } from "./convolve.ts";
import { padAlong } from "./pad-along.ts";
import type { ResolvedConvolution } from "./resolve-convolution.ts";
import { sliceAlong } from "./slice-along.ts";
import { stridedSlice } from "./strided-slice.ts";
import { sizeAlong } from "./size-along.ts";

/** `conv3d` with a window that is resolved already. */
export function convolveVolumes(
  x: Tensor5D,
  weight: Tensor5D,
  bias: Tensor1D | null,
  window: ResolvedConvolution<readonly [depth: number, height: number, width: number]>,
): Tensor5D {
  checkConvolution("conv3d", { x, weight, bias }, window);
  const [depth] = weight.shape;
  const [depthStride, ...strides] = window.strides;
  const [depthZeros, ...padding] = window.padding;
  const [depthDilation, ...dilations] = window.dilations;
  const convolution = { strides, padding, dilations, groups: window.groups };
  return tidy(() => {
    const volume = padAlong(x, 1, depthZeros);
    const [batch, , height, width, inChannels] = x.shape;
    const padded = sizeAlong(volume, 1);
    const slices = Math.floor((padded - depthDilation * (depth - 1) - 1) / depthStride) + 1;
    const through = (k: number): Tensor4D => {
      const seen = stridedSlice(volume, 1, k * depthDilation, slices, depthStride); // [batch, slice, height, width, in]
      const images = reshape<Rank.R4>(seen, [batch * slices, height, width, inChannels]);
      const filter = reshape<Rank.R4>(
        sliceAlong(weight, 0, k, 1),
        weight.shape.slice(1) as ShapeMap[Rank.R4],
      ); //                                                                            [height, width, in / groups, out]
      if (k > 0 || bias === null) return convolve({ x: images, filter }, convolution);
      return convolveWithBias({ x: images, filter, bias }, convolution);
    };
    let y = through(0);
    for (let k = 1; k < depth; k++) y = add(y, through(k)); //                        [batch * slice, height, width, out]
    return reshape(y, [batch, slices, ...y.shape.slice(1)] as ShapeMap[Rank.R5]);
  });
}
