import type { Rank, Tensor5D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { convTranspose3d } from "../op/conv-transpose3d.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { type ConvTransposeOptions, TransposedConvolution } from "./transposed-convolution.ts";

type Axes = readonly [depth: number, height: number, width: number];

/**
 * A transposed convolution over volumes; see {@link ConvTranspose2d}.
 *
 * PyTorch keeps the weight as `[in, out / groups, depth, height, width]`; loading and saving transposes it.
 */
export class ConvTranspose3d
  extends TransposedConvolution<Rank.R5, Axes>
  implements Layer<Tensor5D, Tensor5D>
{
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvTransposeOptions<Axes>,
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  /**
   * @param x `[batch, depth, height, width, in]`
   * @returns `[batch, depth, height, width, out]`
   */
  forward(x: Tensor5D): Tensor5D {
    return convTranspose3d(x, this.weight, this.bias, this.options);
  }
}
