import {
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  Conv2d,
  ConvTranspose2d,
  type Layer,
  Module,
  OptionError,
  ReLU,
  relu,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, gather, type Scalar, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../chain.ts";
import { EmaVectorQuantizer } from "./ema-vector-quantizer.ts";

/** Options for {@link VqVae}. */
export interface VqVaeOptions {
  /** Random generator for initialization, then for reviving codes. */
  readonly rng: Rng;
  /** Channels of the images. Default: 3. */
  readonly inChannels?: number;
  /** Channels of the layers, an even number. Default: 128. */
  readonly hiddenChannels?: number;
  /** Channels inside a residual block. Default: 32. */
  readonly residualChannels?: number;
  /** Residual blocks of the encoder, and of the decoder. Default: 2. */
  readonly residualLayers?: number;
  /** Default: 512. */
  readonly numCodes?: number;
  /** Numbers in a code. Default: 64. */
  readonly codeFeatures?: number;
  /** See {@link EmaVectorQuantizer}. Default: 0.25. */
  readonly beta?: number;
  /** See {@link EmaVectorQuantizer}. Default: 0.99. */
  readonly decay?: number;
  /** See {@link EmaVectorQuantizer}. Default: 0. */
  readonly reviveBelow?: number;
}

/** What a vector-quantized autoencoder returns. */
export interface VqVaeOutput {
  /** `[batch, height, width, channel]` */
  readonly reconstruction: Tensor4D;
  /** `[batch, height / 4, width / 4]` int32 */
  readonly indices: Tensor;
  /** What training adds to the distance of the reconstruction. */
  readonly loss: Scalar;
}

/**
 * An autoencoder of images whose code is a map of a quarter of their height and width, each position one vector of a codebook: a picture
 * as a small table of integers, which another model can learn to make. See {@link EmaVectorQuantizer}.
 *
 * van den Oord, Vinyals and Kavukcuoglu, 2017. https://arxiv.org/abs/1711.00937
 */
export class VqVae extends Module implements Layer<Tensor4D, VqVaeOutput> {
  readonly encoder: Chain<Tensor4D>;
  readonly quantizer: EmaVectorQuantizer;
  readonly decoder: Chain<Tensor4D>;

  constructor(options: VqVaeOptions) {
    super();
    checkRng("VqVae", options);
    checkOptions("VqVae", options, [
      "rng",
      "inChannels",
      "hiddenChannels",
      "residualChannels",
      "residualLayers",
      "numCodes",
      "codeFeatures",
      "beta",
      "decay",
      "reviveBelow",
    ]);
    const { rng, inChannels = 3, hiddenChannels: hidden = 128, residualChannels = 32 } = options;
    const { residualLayers = 2, numCodes = 512, codeFeatures = 64 } = options;
    const { beta = 0.25, decay = 0.99, reviveBelow = 0 } = options;
    checkSizes("VqVae", { inChannels, hiddenChannels: hidden, residualChannels, numCodes, codeFeatures });
    checkSizes("VqVae", { residualLayers }, 0);
    checkNotNegative("VqVae", { beta, reviveBelow });
    checkProbabilities("VqVae", { decay });
    if (hidden % 2 !== 0) throw new OptionError("VqVae", "hiddenChannels", hidden, "an even number");
    const half = { rng, stride: 2, padding: 1 };
    const same = { rng, padding: 1 };
    const residuals = () =>
      Array.from(
        { length: residualLayers },
        (): Layer<Tensor4D, Tensor4D> => new ResidualBlock(hidden, residualChannels, { rng }),
      );
    this.encoder = chain(
      new Conv2d(inChannels, hidden / 2, 4, half),
      new ReLU(),
      new Conv2d(hidden / 2, hidden, 4, half),
      new ReLU(),
      new Conv2d(hidden, hidden, 3, same),
      ...residuals(),
      new ReLU(),
      new Conv2d(hidden, codeFeatures, 1, { rng }),
    );
    this.quantizer = new EmaVectorQuantizer(numCodes, codeFeatures, { rng, beta, decay, reviveBelow });
    this.decoder = chain(
      new Conv2d(codeFeatures, hidden, 3, same),
      ...residuals(),
      new ReLU(),
      new ConvTranspose2d(hidden, hidden / 2, 4, half),
      new ReLU(),
      new ConvTranspose2d(hidden / 2, inChannels, 4, half),
    );
  }

  /**
   * The map before it is quantized.
   *
   * @param images `[batch, height, width, channel]`, of sizes that 4 divides
   * @returns `[batch, height / 4, width / 4, feature]`
   */
  encode(images: Tensor4D): Tensor4D {
    return this.encoder.forward(images);
  }

  /**
   * @param codes `[batch, height / 4, width / 4, feature]`
   * @returns `[batch, height, width, channel]`
   */
  decode(codes: Tensor4D): Tensor4D {
    return this.decoder.forward(codes);
  }

  /**
   * The image of a table of codes.
   *
   * @param indices `[batch, height / 4, width / 4]` int32
   */
  decodeIndices(indices: Tensor): Tensor4D {
    return tidy(() => this.decode(gather<Tensor>(this.quantizer.codebook, indices) as Tensor4D));
  }

  /** @param images `[batch, height, width, channel]`, of sizes that 4 divides */
  forward(images: Tensor4D): VqVaeOutput {
    return tidyLeaves(() => {
      const z = this.encode(images); //                            [batch, height / 4, width / 4, feature]
      const { quantized, indices, loss } = this.quantizer.forward(z);
      return { reconstruction: this.decode(quantized as Tensor4D), indices, loss };
    });
  }
}

/** `x + conv1x1(relu(conv3x3(relu(x))))` */
class ResidualBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;

  constructor(channels: number, inner: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv1 = new Conv2d(channels, inner, 3, { rng, padding: 1, bias: false });
    this.conv2 = new Conv2d(inner, channels, 1, { rng, bias: false });
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => add(x, this.conv2.forward(relu(this.conv1.forward(relu(x))))));
  }
}
