import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { adaptiveMaxPool2d } from "../op/adaptive-max-pool2d.ts";
import { type AdaptiveSize, checkAdaptiveSize } from "../op/adaptive-size.ts";

/** {@link adaptiveMaxPool2d} as a layer. */
export class AdaptiveMaxPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>;

  constructor(outputSize: AdaptiveSize<readonly [height: number | null, width: number | null]>) {
    super();
    checkAdaptiveSize("AdaptiveMaxPool2d", outputSize, 2);
    this.outputSize = outputSize;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return adaptiveMaxPool2d(x, this.outputSize);
  }
}
