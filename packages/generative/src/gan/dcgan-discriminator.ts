import {
  BatchNorm2d,
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  type Layer,
  LeakyReLU,
  Module,
} from "@pellucid/core-train";
import { reshape, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { type DcganOptions, doublings, drawAnew } from "./dcgan-layers.ts";

/**
 * Convolutions that halve an image down to one logit, with batch norm and leaky ReLU: the counterpart of `DcganGenerator`. It
 * returns logits, without the sigmoid of the tutorial, as the losses take them.
 */
export class DcganDiscriminator extends Module implements Layer<Tensor4D, Tensor1D> {
  readonly main: Chain<Tensor4D>;

  constructor(options: DcganOptions) {
    super();
    checkRng("DcganDiscriminator", options);
    checkOptions("DcganDiscriminator", options, ["rng", "imageSize", "imageChannels", "channels"]);
    const { rng, imageChannels = 3, channels = 64 } = options;
    checkSizes("DcganDiscriminator", { imageChannels, channels });
    const widths = doublings("DcganDiscriminator", options.imageSize, channels);
    const down = { rng, stride: 2, padding: 1, bias: false };
    const blocks = widths
      .slice(1)
      .flatMap((width, i): Layer<Tensor4D, Tensor4D>[] => [
        new Conv2d(widths[i] ?? NaN, width, 4, down),
        new BatchNorm2d(width),
        new LeakyReLU({ negativeSlope: 0.2 }),
      ]);
    this.main = chain(
      new Conv2d(imageChannels, channels, 4, down),
      new LeakyReLU({ negativeSlope: 0.2 }),
      ...blocks,
      new Conv2d(widths.at(-1) ?? NaN, 1, 4, { rng, bias: false }),
    );
    drawAnew(this.main, rng);
  }

  /**
   * @param images `[batch, height, width, channel]`, −1 to 1
   * @returns logits `[batch]`
   */
  forward(images: Tensor4D): Tensor1D {
    return tidy(() => reshape(this.main.forward(images), [-1])); // [batch]
  }
}
