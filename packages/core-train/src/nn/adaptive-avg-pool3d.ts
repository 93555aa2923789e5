import type { Tensor5D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { adaptiveAvgPool3d } from "../op/adaptive-avg-pool3d.ts";
import { type AdaptiveSize, checkAdaptiveSize } from "../op/adaptive-size.ts";

/** {@link adaptiveAvgPool3d} as a layer. */
export class AdaptiveAvgPool3d extends Module implements Layer<Tensor5D, Tensor5D> {
  readonly outputSize: AdaptiveSize<
    readonly [depth: number | null, height: number | null, width: number | null]
  >;

  constructor(
    outputSize: AdaptiveSize<readonly [depth: number | null, height: number | null, width: number | null]>,
  ) {
    super();
    checkAdaptiveSize("AdaptiveAvgPool3d", outputSize, 3);
    this.outputSize = outputSize;
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(x: Tensor5D): Tensor5D {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}
