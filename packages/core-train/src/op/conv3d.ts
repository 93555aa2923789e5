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
import { type ConvolutionOptions, resolveConvolution } from "./resolve-convolution.ts";
import { padAlong } from "./pad-along.ts";
import { sliceAlong } from "./slice-along.ts";
import { stridedSlice } from "./strided-slice.ts";

/** How a three-dimensional window moves. */
export type Conv3dOptions = ConvolutionOptions<readonly [depth: number, height: number, width: number]>;

/**
 * Slides filters over volumes, as `torch.nn.functional.conv3d`; see {@link conv2d}. It is the sum of one convolution of
 * images for each slice of the kernel, so it is right on every backend; tfjs' own has no padding by number, and on WASM
 * its gradient reads outside of the filter.
 *
 * @param x `[batch, depth, height, width, in]`
 * @param weight `[depth, height, width, in / groups, out]`; PyTorch keeps `[out, in / groups, depth, height, width]`
 * @param bias `[out]`
 * @returns `[batch, depth, height, width, out]`
 */
export function conv3d(
  x: Tensor5D,
  weight: Tensor5D,
  bias: Tensor1D | null = null,
  options: Conv3dOptions = {},
): Tensor5D {
  const [depth, ...area] = weight.shape.slice(0, 3) as [number, number, number];
  const { strides, padding, dilations, groups } = resolveConvolution("conv3d", [depth, ...area], options);
  checkConvolution("conv3d", { x, weight, bias }, { padding, dilations, groups });
  const [depthStride = 1, ...areaStrides] = strides;
  const [depthZeros = [0, 0], ...areaZeros] = padding;
  const [depthDilation = 1, ...areaDilations] = dilations;
  const convolution = {
    strides: areaStrides as [number, number],
    padding: areaZeros as [[number, number], [number, number]],
    dilations: areaDilations as [number, number],
    groups,
  };
  return tidy(() => {
    const volume = padAlong(x, 1, depthZeros);
    const [batch, , height, width, inChannels] = x.shape;
    const padded = volume.shape[1] as number;
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
