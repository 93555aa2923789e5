import { checkWindow } from "./check-window.ts";
import type { Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Extremes } from "../op/max.ts";
import { maxUnpool3d, type MaxUnpool3dOptions } from "../op/max-unpool3d.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link maxUnpool3d} as a layer. */
export class MaxUnpool3d extends Module implements Layer<Extremes<Tensor5D>, Tensor5D> {
  readonly kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>;
  readonly options: MaxUnpool3dOptions;

  constructor(
    kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
    options: Omit<MaxUnpool3dOptions, "outputSize"> = {},
  ) {
    super();
    checkOptions("MaxUnpool3d", options, ["padding", "stride"]);
    checkWindow("MaxUnpool3d", kernelSize, options, 3);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param pooled `values` and `indices`, `[batch, depth, height, width, channel]`
   * @param outputSize the size of the input of the pooling, if it is ambiguous
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(
    pooled: Extremes<Tensor5D>,
    outputSize?: readonly [depth: number, height: number, width: number],
  ): Tensor5D {
    return maxUnpool3d(pooled, this.kernelSize, { ...this.options, outputSize });
  }
}
