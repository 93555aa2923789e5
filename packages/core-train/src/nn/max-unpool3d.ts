import type { Tensor5D } from "@tensorflow/tfjs-core";
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
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param pooled `values` and `indices`, `[batch, depth, height, width, channel]`
   * @param outputSize of what was pooled, where several sizes pool to the same
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(
    pooled: Extremes<Tensor5D>,
    outputSize?: readonly [depth: number, height: number, width: number],
  ): Tensor5D {
    return maxUnpool3d(pooled, this.kernelSize, { ...this.options, outputSize });
  }
}
