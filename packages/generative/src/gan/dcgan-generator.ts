import {
  BatchNorm2d,
  checkOptions,
  checkRng,
  checkSizes,
  ConvTranspose2d,
  type Layer,
  Module,
  ReLU,
  Tanh,
} from "@pellucid/core-train";
import { type Rank, reshape, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { type DcganOptions, doublings, drawAnew } from "./dcgan-layers.ts";

/** Options for {@link DcganGenerator}. */
export interface DcganGeneratorOptions extends DcganOptions {
  /** Numbers in the noise. Default: 100. */
  readonly latentFeatures?: number;
}

/**
 * Makes images from noise by transposed convolutions that double their size, each with batch norm and ReLU, and a last tanh: pixels are from
 * −1 to 1. Radford, Metz and Chintala, 2015. https://arxiv.org/abs/1511.06434
 *
 * Layers, names (`main.0.weight`, …), initial weights and their draws are those of PyTorch's tutorial at its size of 64: default weights first,
 * then normal ones with standard deviation 0.02.
 */
export class DcganGenerator extends Module implements Layer<Tensor, Tensor4D> {
  readonly main: Chain<Tensor4D>;
  readonly latentFeatures: number;

  constructor(options: DcganGeneratorOptions) {
    super();
    checkRng("DcganGenerator", options);
    checkOptions("DcganGenerator", options, [
      "rng",
      "imageSize",
      "imageChannels",
      "channels",
      "latentFeatures",
    ]);
    const { rng, imageChannels = 3, channels = 64, latentFeatures = 100 } = options;
    checkSizes("DcganGenerator", { imageChannels, channels, latentFeatures });
    const widths = doublings("DcganGenerator", options.imageSize, channels).toReversed();
    const [widest, ...rest] = widths as [number, ...number[]];
    const up = { rng, stride: 2, padding: 1, bias: false };
    const blocks = rest.flatMap((width, i): Layer<Tensor4D, Tensor4D>[] => [
      new ConvTranspose2d(widths[i] ?? NaN, width, 4, up),
      new BatchNorm2d(width),
      new ReLU(),
    ]);
    this.latentFeatures = latentFeatures;
    this.main = chain(
      new ConvTranspose2d(latentFeatures, widest, 4, { rng, bias: false }),
      new BatchNorm2d(widest),
      new ReLU(),
      ...blocks,
      new ConvTranspose2d(channels, imageChannels, 4, up),
      new Tanh(),
    );
    drawAnew(this.main, rng);
  }

  /**
   * @param latent `[batch, latent]`
   * @returns `[batch, height, width, channel]`, −1 to 1
   */
  forward(latent: Tensor): Tensor4D {
    return tidy(() => {
      const map = reshape<Rank.R4>(latent, [-1, 1, 1, this.latentFeatures]); // [batch, 1, 1, latent]
      return this.main.forward(map); //           [batch, height, width, channel]
    });
  }
}
