import { checkSizes } from "../check-values.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { pixelUnshuffle } from "../op/pixel-unshuffle.ts";

/** {@link pixelUnshuffle} as a layer. */
export class PixelUnshuffle extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    super();
    checkSizes("PixelUnshuffle", { downscaleFactor });
    this.downscaleFactor = downscaleFactor;
  }

  /**
   * @param x `[batch, height r, width r, channel]`
   * @returns `[batch, height, width, channel r²]`
   */
  forward(x: Tensor4D): Tensor4D {
    return pixelUnshuffle(x, this.downscaleFactor);
  }
}
