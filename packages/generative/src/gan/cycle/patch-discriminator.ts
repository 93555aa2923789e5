import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  InstanceNorm2d,
  type Layer,
  LeakyReLU,
  Module,
  type Rng,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../../chain.ts";
import { normalConvolutions } from "./normal-convolutions.ts";

/** Options for {@link PatchDiscriminator}. */
export interface PatchDiscriminatorOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels of the images. Default: 3. */
  readonly imageChannels?: number;
  /** Channels of the first layer. Default: 64. */
  readonly channels?: number;
  /** Convolutions after the first. Default: 3, patches of 70×70. */
  readonly layers?: number;
}

/**
 * Judges each patch of an image by a map of logits, so it learns texture, not content.
 * Isola et al., 2016, section 3.2.2. https://arxiv.org/abs/1611.07004. Names are those of the authors' code: `model.0.weight`, ….
 */
export class PatchDiscriminator extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly model: Chain<Tensor4D>;

  constructor(options: PatchDiscriminatorOptions) {
    super();
    checkRng("PatchDiscriminator", options);
    checkOptions("PatchDiscriminator", options, ["rng", "imageChannels", "channels", "layers"]);
    const { rng, imageChannels = 3, channels = 64, layers = 3 } = options;
    checkSizes("PatchDiscriminator", { imageChannels, channels, layers });
    const leaky = () => new LeakyReLU({ negativeSlope: 0.2 });
    const width = (n: number) => channels * Math.min(2 ** n, 8);
    const middle = Array.from({ length: layers }, (_, i): Layer<Tensor4D, Tensor4D>[] => [
      new Conv2d(width(i), width(i + 1), 4, { rng, stride: i + 1 < layers ? 2 : 1, padding: 1 }),
      new InstanceNorm2d(width(i + 1)),
      leaky(),
    ]);
    this.model = chain(
      new Conv2d(imageChannels, channels, 4, { rng, stride: 2, padding: 1 }),
      leaky(),
      ...middle.flat(),
      new Conv2d(width(layers), 1, 4, { rng, padding: 1 }),
    );
    normalConvolutions(this, rng);
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns logits `[batch, row, column, 1]`
   */
  forward(images: Tensor4D): Tensor4D {
    return this.model.forward(images);
  }
}
