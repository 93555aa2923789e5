import { checkWindow } from "./check-window.ts";
import { checkPositive } from "../check-values.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { lpPool2d, type LPPool2dOptions } from "../op/lp-pool2d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link lpPool2d} as a layer. */
export class LPPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly normType: number;
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: LPPool2dOptions;

  constructor(
    normType: number,
    kernelSize: PerAxis<readonly [height: number, width: number]>,
    options: LPPool2dOptions = {},
  ) {
    super();
    checkOptions("LPPool2d", options, ["ceilMode", "stride"]);
    checkPositive("LPPool2d", { normType });
    checkWindow("LPPool2d", kernelSize, options, 2);
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return lpPool2d(x, this.normType, this.kernelSize, this.options);
  }
}
