import { checkWindow } from "./check-window.ts";
import { checkPositive } from "../check-values.ts";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { lpPool1d, type LPPool1dOptions } from "../op/lp-pool1d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link lpPool1d} as a layer. */
export class LPPool1d extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly normType: number;
  readonly kernelSize: PerAxis<readonly [time: number]>;
  readonly options: LPPool1dOptions;

  constructor(normType: number, kernelSize: PerAxis<readonly [time: number]>, options: LPPool1dOptions = {}) {
    super();
    checkOptions("LPPool1d", options, ["ceilMode", "stride"]);
    checkPositive("LPPool1d", { normType });
    checkWindow("LPPool1d", kernelSize, options, 1);
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, time, channel]`
   * @returns `[batch, time, channel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return lpPool1d(x, this.normType, this.kernelSize, this.options);
  }
}
