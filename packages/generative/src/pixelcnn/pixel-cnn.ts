import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  logSoftmax,
  Module,
  oneHot,
  relu,
  type Rng,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  argMax,
  cast,
  log,
  mul,
  type Rank,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor4d,
  type Tensor4D,
  tensor5d,
  type Tensor5D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { createSampler } from "../sampler/create-sampler.ts";
import type { ExactSampler } from "../sampler/sampler.ts";
import { MaskedConv2d } from "./masked-conv2d.ts";

/** Options for {@link PixelCnn}. */
export interface PixelCnnOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many values a pixel can have. Default: 256. */
  readonly levels?: number;
  /** Channels of the image; each is predicted from the earlier ones too. Default: 1. */
  readonly channels?: number;
  /** Hidden channels, a multiple of twice `channels`. Default: 64. */
  readonly hiddenChannels?: number;
  /** Residual blocks. Default: 5. */
  readonly depth?: number;
  /** The kernel size of the first layer, odd. Default: 7. */
  readonly kernelSize?: number;
}

/**
 * An image model that predicts each pixel from the rows above it and the pixels to its left, so that the probability of an image is the product of those
 * of its pixels: exact, and trained by cross-entropy.
 *
 * van den Oord et al., 2016, table 1. https://arxiv.org/abs/1601.06759
 */
export class PixelCnn extends Module implements Layer<Tensor4D, Tensor5D> {
  readonly channels: number;
  readonly levels: number;
  readonly input: MaskedConv2d;
  readonly blocks: readonly PixelBlock[];
  readonly hidden: MaskedConv2d;
  readonly output: MaskedConv2d;

  constructor(options: PixelCnnOptions) {
    super();
    checkRng("PixelCnn", options);
    checkOptions("PixelCnn", options, ["rng", "levels", "channels", "hiddenChannels", "depth", "kernelSize"]);
    const { rng, levels = 256, channels = 1, hiddenChannels = 64, depth = 5, kernelSize = 7 } = options;
    checkSizes("PixelCnn", { channels, hiddenChannels, kernelSize });
    checkSizes("PixelCnn", { levels }, 2);
    checkSizes("PixelCnn", { depth }, 0);
    const shared = { rng, groups: channels };
    this.channels = channels;
    this.levels = levels;
    this.input = new MaskedConv2d(channels, hiddenChannels, kernelSize, { ...shared, mask: "A" });
    this.blocks = Array.from({ length: depth }, () => new PixelBlock(hiddenChannels, channels, rng));
    this.hidden = new MaskedConv2d(hiddenChannels, hiddenChannels, 1, { ...shared, mask: "B" });
    this.output = new MaskedConv2d(hiddenChannels, channels * levels, 1, { ...shared, mask: "B" });
  }

  /**
   * @param x values from 0 to `levels − 1`, `[batch, height, width, channel]`
   * @returns logits, `[batch, height, width, channel, level]`
   */
  forward(x: Tensor4D): Tensor5D {
    checkShape("PixelCnn", "x", x, ["batch", "height", "width", this.channels]);
    const [batch, height, width] = x.shape;
    return tidy(() => {
      const scaled = sub(mul(cast(x, "float32"), 2 / (this.levels - 1)), 1) as Tensor4D;
      const read = this.blocks.reduce((h, block) => block.forward(h), this.input.forward(scaled));
      const logits = this.output.forward(relu(this.hidden.forward(relu(read))));
      return reshape<Rank.R5>(logits, [batch, height, width, this.channels, this.levels]);
    });
  }

  /**
   * The logarithm of the probability of images, in nats. Its negative mean is the loss.
   *
   * @param x values from 0 to `levels − 1`, `[batch, height, width, channel]`
   * @returns `[batch]`
   */
  logProb(x: Tensor4D): Tensor1D {
    return tidy(() => {
      const own = oneHot(cast(x, "int32"), this.levels); // [batch, height, width, channel, level]
      return sum(mul(logSoftmax(this.forward(x), 4), own), [1, 2, 3, 4]) as Tensor1D;
    });
  }

  /** Draws images pixel by pixel: one step each, of all images at once, each by one pass through the net. */
  sampler(height: number, width: number): ExactSampler {
    checkSizes("PixelCnn.sampler", { height, width });
    const { channels, levels } = this;
    const steps = height * width * channels;
    const sampler = createSampler({
      caller: "PixelCnn.sampler",
      times: Array.from({ length: steps + 1 }, (_, i) => i),
      start: (shape) => {
        const [batch = 1] = shape;
        const made = zeros<Rank.R4>(shape as [number, number, number, number]);
        checkShape("PixelCnn.sampler", "shape", made, [batch, height, width, channels]);
        return made;
      },
      step: ({ step, x, rng }) => {
        const logits = this.forward(x as Tensor4D);
        const batch = sizeAlong(x, 0);
        const race = tensor5d(rng.exponential([batch, levels]).data, [batch, 1, 1, 1, levels]); // as torch.multinomial
        const drawn = cast(argMax(sub(logits, log(race)), 4), "float32"); // [batch, height, width, channel]
        const here = Float32Array.from({ length: steps }, (_, i) => (i === step ? 1 : 0));
        return { x: add(x, mul(drawn, tensor4d(here, [1, height, width, channels]))) };
      },
    });
    return { ...sampler, logProb: (x: Tensor) => this.logProb(x as Tensor4D) };
  }
}

/** A residual block: half the channels, a 3 × 3 convolution, all the channels. */
class PixelBlock extends Module {
  readonly narrow: MaskedConv2d;
  readonly conv: MaskedConv2d;
  readonly wide: MaskedConv2d;

  constructor(channels: number, groups: number, rng: Rng) {
    super();
    const half = Math.max(1, Math.floor(channels / 2));
    const shared = { rng, groups, mask: "B" } as const;
    this.narrow = new MaskedConv2d(channels, half, 1, shared);
    this.conv = new MaskedConv2d(half, half, 3, shared);
    this.wide = new MaskedConv2d(half, channels, 1, shared);
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const h = this.conv.forward(relu(this.narrow.forward(relu(x))));
      return add(x, this.wide.forward(relu(h)));
    });
  }
}
