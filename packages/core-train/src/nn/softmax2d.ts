import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { softmax } from "../op/softmax.ts";
import { checkShape } from "../shape-error.ts";

/** {@link softmax} over the channels of each pixel of an image. */
export class Softmax2d extends Module implements Layer<Tensor4D, Tensor4D> {
  /**
   * @param x `[batch, height, width, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor4D): Tensor4D {
    checkShape("Softmax2d", "x", x, ["batch", "height", "width", "channel"]);
    return softmax(x, -1);
  }
}
