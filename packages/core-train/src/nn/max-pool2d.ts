import { checkWindow } from "./check-window.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { maxPool2d, type MaxPool2dOptions } from "../op/max-pool2d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link maxPool2d} as a layer. */
export class MaxPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: MaxPool2dOptions;

  constructor(kernelSize: PerAxis<readonly [height: number, width: number]>, options: MaxPool2dOptions = {}) {
    super();
    checkOptions("MaxPool2d", options, ["ceilMode", "dilation", "padding", "stride"]);
    checkWindow("MaxPool2d", kernelSize, options, 2);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return maxPool2d(x, this.kernelSize, this.options);
  }
}
