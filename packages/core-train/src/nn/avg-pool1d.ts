import { checkWindow } from "./check-window.ts";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { avgPool1d, type AvgPool1dOptions } from "../op/avg-pool1d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link avgPool1d} as a layer. */
export class AvgPool1d extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly kernelSize: PerAxis<readonly [time: number]>;
  readonly options: AvgPool1dOptions;

  constructor(kernelSize: PerAxis<readonly [time: number]>, options: AvgPool1dOptions = {}) {
    super();
    checkOptions("AvgPool1d", options, ["ceilMode", "countIncludePad", "padding", "stride"]);
    checkWindow("AvgPool1d", kernelSize, options, 1);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, time, channel]`
   * @returns `[batch, time, channel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return avgPool1d(x, this.kernelSize, this.options);
  }
}
