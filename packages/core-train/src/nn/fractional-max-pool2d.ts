import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { fractionalMaxPool2d } from "../op/fractional-max-pool2d.ts";
import type { FractionalMaxPool2dOptions } from "../op/fractional-max-pool2d-with-indices.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link fractionalMaxPool2d} as a layer: other windows in each forward pass. */
export class FractionalMaxPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: FractionalMaxPool2dOptions;

  constructor(
    kernelSize: PerAxis<readonly [height: number, width: number]>,
    options: FractionalMaxPool2dOptions,
  ) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return fractionalMaxPool2d(x, this.kernelSize, this.options);
  }
}
