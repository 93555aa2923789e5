import type { Rank, Tensor3D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { convTranspose1d } from "../op/conv-transpose1d.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { type ConvTransposeOptions, TransposedConvolution } from "./transposed-convolution.ts";

type Axes = readonly [time: number];

/**
 * A transposed convolution over sequences; see {@link ConvTranspose2d}.
 *
 * PyTorch keeps the weight as `[in, out / groups, time]`; loading and saving transposes it.
 */
export class ConvTranspose1d
  extends TransposedConvolution<Rank.R3, Axes>
  implements Layer<Tensor3D, Tensor3D>
{
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvTransposeOptions<Axes>,
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  /**
   * @param x `[batch, time, in]`
   * @returns `[batch, time, out]`
   */
  forward(x: Tensor3D): Tensor3D {
    return convTranspose1d(x, this.weight, this.bias, this.options);
  }
}
