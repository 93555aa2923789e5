import {
  checkOptions,
  checkRng,
  checkSizes,
  init,
  initialized,
  interpolate,
  type HasTorchLayout,
  type Layer,
  leakyRelu,
  Module,
  OptionError,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  type Rank,
  rsqrt,
  square,
  type Tensor2D,
  type Tensor4D,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";
import { EqualLinear } from "./equal-linear.ts";
import { ModulatedConv2d } from "./modulated-conv2d.ts";
import { StyleLayer } from "./style-layer.ts";

/** Options for {@link StyleGenerator}. */
export interface StyleGeneratorOptions {
  /** Random generator for initialization, then for the noise. */
  readonly rng: Rng;
  /** Numbers in the latent vectors. Default: 512. */
  readonly latentFeatures?: number;
  /** Channels of each size from 4×4 up, doubling in height and width. Default: [64, 32, 16, 8], images of 32×32. */
  readonly channels?: readonly number[];
  /** Channels of the images. Default: 3. */
  readonly imageChannels?: number;
  /** Layers from `z` to `w`. Default: 8. */
  readonly mappingLayers?: number;
}

/**
 * A small StyleGAN2: `mapping` turns noise `z` into a style `w`, which scales the filters of all layers of a net that starts from a learned 4×4
 * map; each size adds its own image. A style describes an image by directions that are easier to read than those of the noise.
 *
 * Karras et al., 2018. https://arxiv.org/abs/1812.04948; 2019. https://arxiv.org/abs/1912.04958. Without the blur of upsampling, style mixing and
 * path-length regularization.
 */
export class StyleGenerator extends Module implements Layer<Tensor2D, Tensor4D>, HasTorchLayout {
  readonly mapping: readonly EqualLinear[];
  /** `[1, 4, 4, channel]` */
  readonly initial: Parameter<Rank.R4>;
  readonly layer: StyleLayer;
  readonly toImage: ToImage;
  readonly blocks: readonly StyleBlock[];
  readonly latentFeatures: number;

  constructor(options: StyleGeneratorOptions) {
    super();
    checkRng("StyleGenerator", options);
    checkOptions("StyleGenerator", options, [
      "rng",
      "latentFeatures",
      "channels",
      "imageChannels",
      "mappingLayers",
    ]);
    const { rng, latentFeatures = 512, channels = [64, 32, 16, 8] } = options;
    const { imageChannels = 3, mappingLayers = 8 } = options;
    checkSizes("StyleGenerator", { latentFeatures, imageChannels });
    checkSizes("StyleGenerator", { mappingLayers }, 0);
    const [first, ...rest] = checkChannels("StyleGenerator", channels);
    const latent = latentFeatures;
    this.mapping = Array.from({ length: mappingLayers }, () => new EqualLinear(latent, latent, { rng }));
    this.initial = initialized([1, first, 4, 4], init.normal(), rng, [0, 2, 3, 1]);
    this.layer = new StyleLayer(first, first, latent, { rng });
    this.toImage = new ToImage(first, imageChannels, latent, { rng });
    this.blocks = rest.map(
      (width, i) => new StyleBlock(channels[i] ?? NaN, width, imageChannels, latent, { rng }),
    );
    this.latentFeatures = latent;
  }

  get torchLayout(): TorchLayout {
    return { initial: { axes: [0, 2, 3, 1] } };
  }

  /**
   * @param z `[batch, latent]`
   * @returns styles `[batch, latent]`
   */
  styleOf(z: Tensor2D): Tensor2D {
    return tidy(() => {
      const length = rsqrt(add(mean(square(z), 1, true), 1e-8)); //  [batch, 1]
      const start = mul<Tensor2D>(z, length); //                     [batch, latent]
      return this.mapping.reduce((w, layer) => leakyRelu(layer.forward(w), { negativeSlope: 0.2 }), start);
    });
  }

  /**
   * @param w `[batch, latent]`
   * @returns images `[batch, height, width, channel]`
   */
  synthesize(w: Tensor2D): Tensor4D {
    return tidy(() => {
      let x = this.layer.forward(tile(this.initial, [w.shape[0], 1, 1, 1]), w); //  [batch, 4, 4, channel]
      let image = this.toImage.forward(x, w); //                                    [batch, 4, 4, image channel]
      for (const { layer1, layer2, toImage } of this.blocks) {
        x = layer2.forward(layer1.forward(doubled(x), w), w); //                    [batch, height, width, channel]
        image = add(doubled(image), toImage.forward(x, w));
      }
      return image;
    });
  }

  /** @param z `[batch, latent]` */
  forward(z: Tensor2D): Tensor4D {
    return tidy(() => this.synthesize(this.styleOf(z)));
  }
}

/** The channels of each size; refuses none, and wrong ones. */
export function checkChannels(caller: string, channels: readonly number[]): [number, ...number[]] {
  const [first, ...rest] = channels;
  if (first === undefined) throw new OptionError(caller, "channels", "[]", "a number for each size");
  for (const [i, width] of channels.entries()) checkSizes(caller, { [`channels[${i}]`]: width });
  return [first, ...rest];
}

class ToImage extends Module {
  readonly conv: ModulatedConv2d;
  /** `[channel]` */
  readonly bias: Parameter<Rank.R1>;

  constructor(
    inChannels: number,
    imageChannels: number,
    latentFeatures: number,
    { rng }: { readonly rng: Rng },
  ) {
    super();
    this.conv = new ModulatedConv2d(inChannels, imageChannels, 1, latentFeatures, { rng, demodulate: false });
    this.bias = initialized([imageChannels], init.zeros());
  }

  forward(x: Tensor4D, w: Tensor2D): Tensor4D {
    return tidy(() => add(this.conv.forward(x, w), this.bias));
  }
}

class StyleBlock extends Module {
  readonly layer1: StyleLayer;
  readonly layer2: StyleLayer;
  readonly toImage: ToImage;

  constructor(
    inChannels: number,
    outChannels: number,
    imageChannels: number,
    latentFeatures: number,
    { rng }: { readonly rng: Rng },
  ) {
    super();
    this.layer1 = new StyleLayer(inChannels, outChannels, latentFeatures, { rng });
    this.layer2 = new StyleLayer(outChannels, outChannels, latentFeatures, { rng });
    this.toImage = new ToImage(outChannels, imageChannels, latentFeatures, { rng });
  }
}

function doubled(x: Tensor4D): Tensor4D {
  return interpolate(x, { scaleFactor: 2, mode: "bilinear" });
}
