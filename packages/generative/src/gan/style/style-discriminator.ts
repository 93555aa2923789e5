import {
  avgPool2d,
  checkOptions,
  checkRng,
  checkSizes,
  flatten,
  type Layer,
  leakyRelu,
  Module,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  broadcastTo,
  concat,
  div,
  mean,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { EqualConv2d } from "./equal-conv2d.ts";
import { EqualLinear } from "./equal-linear.ts";
import { checkChannels } from "./style-generator.ts";

/** Options for {@link StyleDiscriminator}. */
export interface StyleDiscriminatorOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels of each size from the image's down to 4×4. Default: [8, 16, 32, 64], images of 32×32. */
  readonly channels?: readonly number[];
  /** Channels of the images. Default: 3. */
  readonly imageChannels?: number;
}

/**
 * The discriminator of a small StyleGAN2: residual blocks that halve the image, and a last map to which the mean deviation over the batch
 * is appended, by which it notices a generator that repeats itself. See {@link StyleGenerator}; trained with {@link r1Penalty}.
 */
export class StyleDiscriminator extends Module implements Layer<Tensor4D, Tensor1D> {
  readonly fromImage: EqualConv2d;
  readonly blocks: readonly DownBlock[];
  readonly conv: EqualConv2d;
  readonly final: EqualLinear;

  constructor(options: StyleDiscriminatorOptions) {
    super();
    checkRng("StyleDiscriminator", options);
    checkOptions("StyleDiscriminator", options, ["rng", "channels", "imageChannels"]);
    const { rng, channels = [8, 16, 32, 64], imageChannels = 3 } = options;
    checkSizes("StyleDiscriminator", { imageChannels });
    const [first, ...rest] = checkChannels("StyleDiscriminator", channels);
    const last = channels.at(-1) ?? NaN;
    this.fromImage = new EqualConv2d(imageChannels, first, 1, { rng });
    this.blocks = rest.map((width, i) => new DownBlock(channels[i] ?? NaN, width, { rng }));
    this.conv = new EqualConv2d(last + 1, last, 3, { rng });
    this.final = new EqualLinear(last * 16, 1, { rng });
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns logits `[batch]`
   */
  forward(images: Tensor4D): Tensor1D {
    return tidy(() => {
      let x = leaky(this.fromImage.forward(images)); //              [batch, height, width, channel]
      for (const block of this.blocks) x = block.forward(x); //      [batch, 4, 4, channel]
      x = leaky(this.conv.forward(withDeviation(x))); //             [batch, 4, 4, channel]
      const flat = flatten(x); //                                    [batch, channel · 16]
      return reshape(this.final.forward(flat as Tensor2D), [-1]); // [batch]
    });
  }
}

class DownBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly residual: EqualConv2d;
  readonly conv1: EqualConv2d;
  readonly conv2: EqualConv2d;

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.residual = new EqualConv2d(inChannels, outChannels, 1, { rng });
    this.conv1 = new EqualConv2d(inChannels, inChannels, 3, { rng });
    this.conv2 = new EqualConv2d(inChannels, outChannels, 3, { rng });
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const y = leaky(this.conv2.forward(leaky(this.conv1.forward(x)))); //  [batch, height, width, out]
      const shortcut = this.residual.forward(avgPool2d(x, 2)); //            [batch, height / 2, width / 2, out]
      return div(add(avgPool2d(y, 2), shortcut), Math.SQRT2);
    });
  }
}

const leaky = (x: Tensor4D): Tensor4D => leakyRelu(x, { negativeSlope: 0.2 });

/** Appends a channel with the standard deviation over the batch, the mean over all features. */
function withDeviation(x: Tensor4D): Tensor4D {
  const [batch, height, width] = x.shape;
  const variance = mean(square(sub(x, mean(x, 0, true))), 0); //           [height, width, channel]
  const deviation = mean(sqrt(add(variance, 1e-8))); //                    []
  return concat([x, broadcastTo(reshape(deviation, [1, 1, 1, 1]), [batch, height, width, 1])], 3);
}
