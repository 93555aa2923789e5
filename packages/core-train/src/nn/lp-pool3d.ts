import { checkWindow } from "./check-window.ts";
import { checkPositive } from "../check-values.ts";
import type { Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { lpPool3d, type LPPool3dOptions } from "../op/lp-pool3d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link lpPool3d} as a layer. */
export class LPPool3d extends Module implements Layer<Tensor5D, Tensor5D> {
  readonly normType: number;
  readonly kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>;
  readonly options: LPPool3dOptions;

  constructor(
    normType: number,
    kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
    options: LPPool3dOptions = {},
  ) {
    super();
    checkOptions("LPPool3d", options, ["ceilMode", "stride"]);
    checkPositive("LPPool3d", { normType });
    checkWindow("LPPool3d", kernelSize, options, 3);
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(x: Tensor5D): Tensor5D {
    return lpPool3d(x, this.normType, this.kernelSize, this.options);
  }
}
