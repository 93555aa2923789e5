import { checkSizes } from "../check-values.ts";
import { checkWindow } from "./check-window.ts";
import type { Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { avgPool3d, type AvgPool3dOptions } from "../op/avg-pool3d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link avgPool3d} as a layer. */
export class AvgPool3d extends Module implements Layer<Tensor5D, Tensor5D> {
  readonly kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>;
  readonly options: AvgPool3dOptions;

  constructor(
    kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
    options: AvgPool3dOptions = {},
  ) {
    super();
    checkOptions("AvgPool3d", options, [
      "ceilMode",
      "countIncludePad",
      "divisorOverride",
      "padding",
      "stride",
    ]);
    checkWindow("AvgPool3d", kernelSize, options, 3);
    const { divisorOverride = null } = options;
    if (divisorOverride !== null) checkSizes("AvgPool3d", { divisorOverride });
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(x: Tensor5D): Tensor5D {
    return avgPool3d(x, this.kernelSize, this.options);
  }
}
