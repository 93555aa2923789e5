import { checkRng, checkSizes, ConvTranspose2d, Module, type Rng, Upsample } from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { DoubleConv } from "./double-conv.ts";
import type { MapLayer } from "./map-layer.ts";
import { padToSkip } from "./pad-to-skip.ts";

/** A stage of the decoder of {@link UNet}: doubles the size, then joins the encoder's map, the encoder's channels first. */
export class UNetUp extends Module {
  readonly up: MapLayer;
  readonly conv: DoubleConv;

  /** @param inChannels those of the two maps together */
  constructor(
    inChannels: number,
    outChannels: number,
    options: { readonly rng: Rng; readonly bilinear: boolean },
  ) {
    super();
    checkRng("UNetUp", options);
    const { rng, bilinear } = options;
    checkSizes("UNetUp", { inChannels, outChannels });
    const half = Math.floor(inChannels / 2);
    this.up = bilinear
      ? new Upsample({ scaleFactor: 2, mode: "bilinear", alignCorners: true })
      : new ConvTranspose2d(inChannels, half, 2, { rng, stride: 2 });
    this.conv = new DoubleConv(inChannels, outChannels, { rng, ...(bilinear ? { midChannels: half } : {}) });
  }

  /**
   * @param x `[batch, height, width, …]`
   * @param skip `[batch, skipHeight, skipWidth, …]`, about twice as high and wide
   * @returns `[batch, skipHeight, skipWidth, outChannels]`
   */
  forward({ x, skip }: { readonly x: Tensor4D; readonly skip: Tensor4D }): Tensor4D {
    return tidy(() => {
      const larger = padToSkip(this.up.forward(x), skip); //  [batch, skipHeight, skipWidth, …]
      return this.conv.forward(concat([skip, larger], 3)); // [batch, skipHeight, skipWidth, outChannels]
    });
  }
}
