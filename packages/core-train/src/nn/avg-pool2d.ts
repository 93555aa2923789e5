import { checkSizes } from "../check-values.ts";
import { checkWindow } from "./check-window.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { avgPool2d, type AvgPool2dOptions } from "../op/avg-pool2d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link avgPool2d} as a layer. */
export class AvgPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: AvgPool2dOptions;

  constructor(kernelSize: PerAxis<readonly [height: number, width: number]>, options: AvgPool2dOptions = {}) {
    super();
    checkOptions("AvgPool2d", options, [
      "ceilMode",
      "countIncludePad",
      "divisorOverride",
      "padding",
      "stride",
    ]);
    checkWindow("AvgPool2d", kernelSize, options, 2);
    const { divisorOverride = null } = options;
    if (divisorOverride !== null) checkSizes("AvgPool2d", { divisorOverride });
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return avgPool2d(x, this.kernelSize, this.options);
  }
}
