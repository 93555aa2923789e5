import { checkWindow } from "./check-window.ts";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { maxPool1d, type MaxPool1dOptions } from "../op/max-pool1d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link maxPool1d} as a layer. */
export class MaxPool1d extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly kernelSize: PerAxis<readonly [time: number]>;
  readonly options: MaxPool1dOptions;

  constructor(kernelSize: PerAxis<readonly [time: number]>, options: MaxPool1dOptions = {}) {
    super();
    checkOptions("MaxPool1d", options, ["ceilMode", "dilation", "padding", "stride"]);
    checkWindow("MaxPool1d", kernelSize, options, 1);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, time, channel]`
   * @returns `[batch, time, channel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return maxPool1d(x, this.kernelSize, this.options);
  }
}
