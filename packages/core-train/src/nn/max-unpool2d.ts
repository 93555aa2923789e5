import { checkWindow } from "./check-window.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Extremes } from "../op/max.ts";
import { maxUnpool2d, type MaxUnpool2dOptions } from "../op/max-unpool2d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link maxUnpool2d} as a layer. */
export class MaxUnpool2d extends Module implements Layer<Extremes<Tensor4D>, Tensor4D> {
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: MaxUnpool2dOptions;

  constructor(
    kernelSize: PerAxis<readonly [height: number, width: number]>,
    options: Omit<MaxUnpool2dOptions, "outputSize"> = {},
  ) {
    super();
    checkOptions("MaxUnpool2d", options, ["padding", "stride"]);
    checkWindow("MaxUnpool2d", kernelSize, options, 2);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param pooled `values` and `indices`, `[batch, height, width, channel]`
   * @param outputSize the size of the input of the pooling, if it is ambiguous
   * @returns `[batch, height, width, channel]`
   */
  forward(pooled: Extremes<Tensor4D>, outputSize?: readonly [height: number, width: number]): Tensor4D {
    return maxUnpool2d(pooled, this.kernelSize, { ...this.options, outputSize });
  }
}
