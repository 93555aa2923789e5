import { type Rank, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { convolveSequences } from "../op/convolve-sequences.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { type ConvOptions, Convolution } from "./convolution.ts";

type Axes = readonly [time: number];

/**
 * A convolution over sequences; see {@link Conv2d}.
 *
 * PyTorch keeps the weight as `[out, in / groups, time]`, and its sequences are `[batch, channel, time]`.
 */
export class Conv1d extends Convolution<Rank.R3, Axes> implements Layer<Tensor3D, Tensor3D> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvOptions<Axes>,
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  /**
   * @param x `[batch, time, in]`
   * @returns `[batch, time, out]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const { padded, window } = this.prepare(x, ["time"]);
      return convolveSequences(padded, this.weight, this.bias, window);
    });
  }
}
