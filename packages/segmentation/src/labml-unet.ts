import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  ConvTranspose2d,
  maxPool2d,
  Module,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { concat, slice, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";

/** Options for {@link LabmlUNet}. */
export interface LabmlUNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels of the first level; each level below has twice as many. Default: 64. */
  readonly channels?: number;
  /** How often the encoder halves the size. Default: 4. */
  readonly depth?: number;
}

/**
 * The U-Net of annotated_deep_learning_paper_implementations (labml.ai), with its names: convolutions with biases and without norms, the encoder's map
 * cropped around its center to the decoder's, and joined after it. {@link UNet} pads instead, and joins it before.
 *
 * Ronneberger et al., 2015. https://arxiv.org/abs/1505.04597
 *
 * The output is smaller than an image whose sides are not divisible by `2^depth`.
 */
export class LabmlUNet extends Module implements MapLayer {
  readonly downConv: readonly DoubleConvolution[];
  readonly middleConv: DoubleConvolution;
  readonly upSample: readonly UpSample[];
  readonly upConv: readonly DoubleConvolution[];
  readonly finalConv: Conv2d;

  constructor(inChannels: number, outChannels: number, options: LabmlUNetOptions) {
    super();
    checkRng("LabmlUNet", options);
    checkOptions("LabmlUNet", options, ["rng", "channels", "depth"]);
    const { rng, channels = 64, depth = 4 } = options;
    checkSizes("LabmlUNet", { inChannels, outChannels, channels, depth });
    const width = (level: number) => channels * 2 ** level;
    const levels = Array.from({ length: depth }, (_, level) => level);
    const upwards = levels.toReversed();
    this.downConv = levels.map(
      (level) => new DoubleConvolution(level === 0 ? inChannels : width(level - 1), width(level), { rng }),
    );
    this.middleConv = new DoubleConvolution(width(depth - 1), width(depth), { rng });
    this.upSample = upwards.map((level) => new UpSample(width(level + 1), width(level), { rng }));
    this.upConv = upwards.map((level) => new DoubleConvolution(width(level + 1), width(level), { rng }));
    this.finalConv = new Conv2d(channels, outChannels, 1, { rng });
  }

  /**
   * @param images `[batch, height, width, inChannels]`, at least `2^depth` high and wide
   * @returns logits `[batch, height − height mod 2^depth, …, outChannels]`
   */
  forward(images: Tensor4D): Tensor4D {
    checkShape("LabmlUNet", "images", images, ["batch", "height", "width", "channel"]);
    return tidy(() => {
      const skips: Tensor4D[] = [];
      let x = images;
      for (const conv of this.downConv) {
        const level = conv.forward(x); // [batch, height, width, channels], [batch, height / 2, width / 2, 2 channels], …
        skips.push(level);
        x = maxPool2d(level, 2); //       [batch, height / 2, width / 2, channels], …
      }
      x = this.middleConv.forward(x); // [batch, height / 2^depth, …, channels · 2^depth]
      for (const [i, upSample] of this.upSample.entries()) {
        const larger = upSample.forward(x); // [batch, …, half the channels]
        const skip = centerCrop(skips[skips.length - 1 - i] as Tensor4D, larger);
        x = (this.upConv[i] as DoubleConvolution).forward(concat([larger, skip], 3));
      }
      return this.finalConv.forward(x); // [batch, height, width, outChannels]
    });
  }
}

/** The middle of `map` in the size of `like`; of two middles the first, whose distance to the border is even. */
function centerCrop(map: Tensor4D, like: Tensor4D): Tensor4D {
  const [batch, height, width] = like.shape;
  const start = (from: number, to: number) => Math.floor((from - to) / 2 + ((from - to) % 4 === 3 ? 1 : 0));
  return slice(
    map,
    [0, start(map.shape[1], height), start(map.shape[2], width), 0],
    [batch, height, width, map.shape[3]],
  );
}

class DoubleConvolution extends Module implements MapLayer {
  readonly first: Conv2d;
  readonly second: Conv2d;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.first = new Conv2d(inChannels, outChannels, 3, { rng, padding: 1 });
    this.second = new Conv2d(outChannels, outChannels, 3, { rng, padding: 1 });
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => relu(this.second.forward(relu(this.first.forward(x)))));
  }
}

class UpSample extends Module implements MapLayer {
  readonly up: ConvTranspose2d;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.up = new ConvTranspose2d(inChannels, outChannels, 2, { rng, stride: 2 });
  }

  forward(x: Tensor4D): Tensor4D {
    return this.up.forward(x);
  }
}
