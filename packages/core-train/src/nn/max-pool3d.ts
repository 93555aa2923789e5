import { checkWindow } from "./check-window.ts";
import type { Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { maxPool3d, type MaxPool3dOptions } from "../op/max-pool3d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link maxPool3d} as a layer. */
export class MaxPool3d extends Module implements Layer<Tensor5D, Tensor5D> {
  readonly kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>;
  readonly options: MaxPool3dOptions;

  constructor(
    kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
    options: MaxPool3dOptions = {},
  ) {
    super();
    checkOptions("MaxPool3d", options, ["ceilMode", "dilation", "padding", "stride"]);
    checkWindow("MaxPool3d", kernelSize, options, 3);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(x: Tensor5D): Tensor5D {
    return maxPool3d(x, this.kernelSize, this.options);
  }
}
