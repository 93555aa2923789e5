import {
  BatchNorm2d,
  Conv2d,
  type ConvOptions,
  type Layer,
  Module,
  type PerAxis,
  relu,
} from "@pellucid/core-train";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";

type Axes = readonly [height: number, width: number];

/** A convolution without bias, then batch norm (eps 1e-3), then ReLU: the unit of all Inception nets. */
export class BasicConv2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv: Conv2d;
  readonly bn: BatchNorm2d;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: Omit<ConvOptions<Axes>, "bias">,
  ) {
    super();
    this.conv = new Conv2d(inChannels, outChannels, kernelSize, { ...options, bias: false });
    this.bn = new BatchNorm2d(outChannels, { eps: 1e-3 });
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height', width', outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => relu(this.bn.forward(this.conv.forward(x))));
  }
}
