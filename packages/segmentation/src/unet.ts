import {
  checkChoice,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  type HasTorchLayout,
  Identity,
  MaxPool2d,
  Module,
  type Rng,
  Sequential,
  type TorchLayout,
} from "@pellucid/core-train";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { DoubleConv } from "./double-conv.ts";
import type { MapLayer } from "./map-layer.ts";
import { UNetUp } from "./unet-up.ts";

/** Options for {@link UNet}. */
export interface UNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether the decoder doubles sizes by interpolation with aligned corners, not by transposed convolutions. Default: false. */
  readonly bilinear?: boolean;
  /** Channels of the first level; each level below has twice as many. Default: 64. */
  readonly channels?: number;
  /** How often the encoder halves the size. Default: 4. */
  readonly depth?: number;
}

/**
 * An encoder that halves the size again and again, and a decoder that doubles it back and joins, at each level, the encoder's map by its
 * channels (skip connections).
 *
 * Ronneberger et al., 2015. https://arxiv.org/abs/1505.04597
 *
 * Here convolutions keep the size and have batch norm, as nearly all do today, and the output has the size of the image, whatever it is: a decoder's map is
 * padded to the encoder's. Names in files are those of Pytorch-UNet (`inc`, `down1`, `up1`, `outc`); an entry `mask_values`, which is not a weight, is ignored.
 *
 * The module `skips[i]` is what the map of level `i` goes through on its way to the decoder, the identity: `intercept` it to change or
 * to remove a skip connection.
 */
export class UNet extends Module implements MapLayer, HasTorchLayout {
  readonly inc: DoubleConv;
  readonly down: readonly UNetDown[];
  readonly up: readonly UNetUp[];
  readonly outc: UNetOut;
  readonly skips: readonly Identity[];

  /** @param numClasses channels of the logits: 1 for a single mask, whose logit is that of a sigmoid */
  constructor(inChannels: number, numClasses: number, options: UNetOptions) {
    super();
    checkRng("UNet", options);
    checkOptions("UNet", options, ["rng", "bilinear", "channels", "depth"]);
    const { rng, bilinear = false, channels = 64, depth = 4 } = options;
    checkSizes("UNet", { inChannels, numClasses, channels, depth });
    checkChoice("UNet", "bilinear", bilinear, [true, false]);
    const factor = bilinear ? 2 : 1;
    const width = (level: number) => channels * 2 ** level;
    const levels = Array.from({ length: depth }, (_, level) => level);
    this.inc = new DoubleConv(inChannels, channels, { rng });
    this.down = levels.map(
      (level) => new UNetDown(width(level), width(level + 1) / (level + 1 === depth ? factor : 1), { rng }),
    );
    this.up = levels
      .toReversed()
      .map(
        (level) => new UNetUp(width(level + 1), width(level) / (level === 0 ? 1 : factor), { rng, bilinear }),
      );
    this.outc = new UNetOut(channels, numClasses, { rng });
    this.skips = levels.map(() => new Identity());
  }

  get torchLayout(): TorchLayout {
    const numbered = (field: string) =>
      this.down.map((_, i) => [`${field}.${i}`, { name: `${field}${i + 1}` }] as const);
    return {
      ...Object.fromEntries([...numbered("down"), ...numbered("up")]),
      mask_values: { ignored: true },
    };
  }

  /**
   * @param images `[batch, height, width, inChannels]`, at least `2^depth` high and wide
   * @returns logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): Tensor4D {
    checkShape("UNet", "images", images, ["batch", "height", "width", "channel"]);
    return tidy(() => {
      const levels = [this.inc.forward(images)]; // [batch, height, width, channels]
      for (const down of this.down) levels.push(down.forward(levels.at(-1) as Tensor4D)); // [batch, height / 2, width / 2, 2 channels], …
      const deepest = levels.pop() as Tensor4D;
      const decoded = this.up.reduce((x, up, i) => {
        const level = this.down.length - 1 - i;
        const skip = (this.skips[level] as Identity).forward(levels[level] as Tensor4D);
        return up.forward({ x, skip }); // […, width / 4, 4 channels], …, [batch, height, width, channels]
      }, deepest);
      return this.outc.forward(decoded); // [batch, height, width, numClasses]
    });
  }
}

/** Halves the size, then {@link DoubleConv}. */
class UNetDown extends Module implements MapLayer {
  readonly maxpoolConv: Sequential<[MaxPool2d, DoubleConv]>;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.maxpoolConv = new Sequential(new MaxPool2d(2), new DoubleConv(inChannels, outChannels, { rng }));
  }

  forward(x: Tensor4D): Tensor4D {
    return this.maxpoolConv.forward(x);
  }
}

/** From the channels of the decoder to logits. */
class UNetOut extends Module implements MapLayer {
  readonly conv: Conv2d;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv = new Conv2d(inChannels, outChannels, 1, { rng });
  }

  forward(x: Tensor4D): Tensor4D {
    return this.conv.forward(x);
  }
}
