import { checkWindow } from "./check-window.ts";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Extremes } from "../op/max.ts";
import { maxUnpool1d, type MaxUnpool1dOptions } from "../op/max-unpool1d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link maxUnpool1d} as a layer. */
export class MaxUnpool1d extends Module implements Layer<Extremes<Tensor3D>, Tensor3D> {
  readonly kernelSize: PerAxis<readonly [time: number]>;
  readonly options: MaxUnpool1dOptions;

  constructor(
    kernelSize: PerAxis<readonly [time: number]>,
    options: Omit<MaxUnpool1dOptions, "outputSize"> = {},
  ) {
    super();
    checkOptions("MaxUnpool1d", options, ["padding", "stride"]);
    checkWindow("MaxUnpool1d", kernelSize, options, 1);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param pooled `values` and `indices`, `[batch, time, channel]`
   * @param outputSize the size of the input of the pooling, if it is ambiguous
   * @returns `[batch, time, channel]`
   */
  forward(pooled: Extremes<Tensor3D>, outputSize?: readonly [time: number]): Tensor3D {
    return maxUnpool1d(pooled, this.kernelSize, { ...this.options, outputSize });
  }
}
