import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { adaptiveAvgPool2d } from "../op/adaptive-avg-pool2d.ts";
import { type AdaptiveSize, checkAdaptiveSize } from "../op/adaptive-size.ts";

/** {@link adaptiveAvgPool2d} as a layer. */
export class AdaptiveAvgPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>;

  constructor(outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>) {
    super();
    checkAdaptiveSize("AdaptiveAvgPool2d", outputSize, 2);
    this.outputSize = outputSize;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}
