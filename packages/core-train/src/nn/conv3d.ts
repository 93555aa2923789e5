import { type Rank, type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { convolveVolumes } from "../op/convolve-volumes.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { type ConvOptions, Convolution } from "./convolution.ts";

type Axes = readonly [depth: number, height: number, width: number];

/**
 * A convolution over volumes; see {@link Conv2d}.
 *
 * PyTorch keeps the weight as `[out, in / groups, depth, height, width]`; loading and saving transposes it.
 */
export class Conv3d extends Convolution<Rank.R5, Axes> implements Layer<Tensor5D, Tensor5D> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvOptions<Axes>,
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  /**
   * @param x `[batch, depth, height, width, in]`
   * @returns `[batch, depth, height, width, out]`
   */
  forward(x: Tensor5D): Tensor5D {
    return tidy(() => {
      const { padded, window } = this.prepare(x, ["depth", "height", "width"]);
      return convolveVolumes(padded, this.weight, this.bias, window);
    });
  }
}
