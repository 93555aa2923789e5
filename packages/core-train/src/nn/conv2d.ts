import { type Rank, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { convolveImages } from "../op/convolve-images.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { type ConvOptions, Convolution } from "./convolution.ts";

type Axes = readonly [height: number, width: number];

/**
 * A convolution over images; see {@link conv2d}. With `groups` = `inChannels` each channel has its own
 * filters (depthwise convolution). `init` initializes the filters, then the bias is drawn uniformly within `± 1 / √fanIn`.
 *
 * PyTorch keeps the weight as `[out, in / groups, height, width]`; loading and saving transposes it.
 */
export class Conv2d extends Convolution<Rank.R4, Axes> implements Layer<Tensor4D, Tensor4D> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvOptions<Axes>,
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const { padded, window } = this.prepare(x, ["height", "width"]);
      return convolveImages(padded, this.weight, this.bias, window);
    });
  }
}
