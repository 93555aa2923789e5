import { checkSizes } from "../check-values.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { pixelShuffle } from "../op/pixel-shuffle.ts";

/** {@link pixelShuffle} as a layer. */
export class PixelShuffle extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    super();
    checkSizes("PixelShuffle", { upscaleFactor });
    this.upscaleFactor = upscaleFactor;
  }

  /**
   * @param x `[batch, height, width, channel r²]`
   * @returns `[batch, height r, width r, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return pixelShuffle(x, this.upscaleFactor);
  }
}
