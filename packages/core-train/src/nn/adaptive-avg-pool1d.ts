import type { Tensor3D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { adaptiveAvgPool1d } from "../op/adaptive-avg-pool1d.ts";
import { type AdaptiveSize, checkAdaptiveSize } from "../op/adaptive-size.ts";

/** {@link adaptiveAvgPool1d} as a layer. */
export class AdaptiveAvgPool1d extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly outputSize: AdaptiveSize<readonly [time: number | null]>;

  constructor(outputSize: AdaptiveSize<readonly [time: number | null]>) {
    super();
    checkAdaptiveSize("AdaptiveAvgPool1d", outputSize, 1);
    this.outputSize = outputSize;
  }

  /**
   * @param x `[batch, time, channel]`
   * @returns `[batch, time, channel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}
