import { type Layer, Module, pixelShuffle, pixelUnshuffle, type Rng } from "@pellucid/core-train";
import { Unet, type UnetInput } from "@pellucid/generative";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** A U-Net that reads blocks of 2 × 2 pixels as channels, so that it works at half of the resolution: four times as fast. */
export class BlockUnet extends Module implements Layer<UnetInput, Tensor4D> {
  readonly net: Unet;

  /** @param channels of the images */
  constructor(channels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.net = new Unet(16, {
      rng,
      dimMults: [1, 2],
      channels: 4 * channels,
      fullAttn: [null, null],
      attnHeads: 2,
      attnDimHead: 16,
    });
  }

  /** @returns `[batch, height, width, channel]`, as `x` is */
  forward({ x, time }: UnetInput): Tensor4D {
    return tidy(() => pixelShuffle(this.net.forward({ x: pixelUnshuffle(x, 2), time }), 2));
  }
}
