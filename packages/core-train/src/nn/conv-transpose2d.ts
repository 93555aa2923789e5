import type { Rank, Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { convTranspose2d } from "../op/conv-transpose2d.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { type ConvTransposeOptions, TransposedConvolution } from "./transposed-convolution.ts";

type Axes = readonly [height: number, width: number];

/**
 * A transposed convolution over images; see {@link convTranspose2d}. `init` initializes the filters, then
 * the bias is drawn uniformly within the bounds of their default.
 *
 * PyTorch keeps the weight as `[in, out / groups, height, width]`; loading and saving transposes it.
 */
export class ConvTranspose2d
  extends TransposedConvolution<Rank.R4, Axes>
  implements Layer<Tensor4D, Tensor4D>
{
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvTransposeOptions<Axes>,
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return convTranspose2d(x, this.weight, this.bias, this.options);
  }
}
