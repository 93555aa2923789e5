import { checkSizes, type Layer, Module, unfold } from "@pellucid/core-train";
import { reshape, type Tensor2D, type Tensor4D, tidy, transpose } from "@tensorflow/tfjs-core";
import { checkInterval, type Interval } from "./interval.ts";
import { IntervalLinear, type IntervalOptions } from "./interval-linear.ts";

/** Options for {@link IntervalConv2d}. */
export interface IntervalConv2dOptions extends IntervalOptions {
  /** Default: 1. */
  readonly stride?: number;
  /** Zeros on each side. Default: 0. */
  readonly padding?: number;
}

/** A convolution of intervals: an {@link IntervalLinear} over the patches of an image. */
export class IntervalConv2d extends Module implements Layer<Interval<Tensor4D>, Interval<Tensor4D>> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number;
  /** From a patch, channel by channel, to the output channels. */
  readonly filters: IntervalLinear;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: IntervalConv2dOptions) {
    super();
    const { stride = 1, padding = 0, ...rest } = Object(options) as IntervalConv2dOptions;
    checkSizes("IntervalConv2d", { inChannels, outChannels, kernelSize, stride });
    checkSizes("IntervalConv2d", { padding }, 0);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.filters = new IntervalLinear(inChannels * kernelSize ** 2, outChannels, rest);
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Interval<Tensor4D>): Interval<Tensor4D> {
    const { inChannels, outChannels, kernelSize, stride, padding } = this;
    checkInterval(`IntervalConv2d(${inChannels}, ${outChannels}, ${kernelSize})`, x, [
      "batch",
      "height",
      "width",
      inChannels,
    ]);
    return tidy(() => {
      const [batch, ...size] = x.lower.shape;
      const [height, width] = size
        .slice(0, 2)
        .map((n) => Math.floor((n + 2 * padding - kernelSize) / stride) + 1) as [number, number];
      const patches = (image: Tensor4D): Tensor2D => {
        const columns = unfold(image, kernelSize, { stride, padding }); //                   [batch, patch, position]
        return reshape(transpose(columns, [0, 2, 1]), [batch * height * width, -1]); //      [batch · position, patch]
      };
      const { lower, upper } = this.filters.forward({ lower: patches(x.lower), upper: patches(x.upper) });
      const image = (y: Tensor2D): Tensor4D => reshape(y, [batch, height, width, outChannels]);
      return { lower: image(lower), upper: image(upper) };
    });
  }
}
