import {
  checkShape,
  headSize,
  Conv2d,
  dropoutTimeFirst,
  Dropout,
  GELU,
  initialize,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  MultiheadAttention,
  OptionError,
  type Parameter,
  type Rng,
  Sequential,
  type HasTorchLayout,
  type TorchLayout,
  initialized,
  init,
  checkSizes,
  checkProbabilities,
  checkRng,
} from "@pellucid/core-train";
import {
  add,
  broadcastTo,
  concat,
  type Rank,
  reshape,
  slice,
  squeeze,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";

/** Options for {@link VisionTransformer}. */
export interface VisionTransformerOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Height and width of an image. */
  readonly imageSize: number;
  /** Height and width of a patch. */
  readonly patchSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Features of a patch. */
  readonly hiddenDim: number;
  /** Features within the feed-forward network of a layer. */
  readonly mlpDim: number;
  /** Default: 1000. */
  readonly numClasses?: number;
  /** Default: 3. */
  readonly inChannels?: number;
  /** The probability of dropout in training. Default: 0. */
  readonly dropout?: number;
  /** The probability that dropout zeroes an attention weight in training. Default: 0. */
  readonly attentionDropout?: number;
}

/**
 * A transformer encoder of the patches of an image and a class token, whose output is classified; with torchvision's names and
 * initial weights.
 *
 * Dosovitskiy et al., 2021. An image is worth 16x16 words. https://arxiv.org/abs/2010.11929
 */
export class VisionTransformer extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly inChannels: number;
  /** `[1, 1, feature]` */
  readonly classToken: Parameter<Rank.R3>;
  readonly convProj: Conv2d;
  readonly encoder: VitEncoder;
  readonly heads: { readonly head: Linear };

  /** @throws {OptionError} If `patchSize` does not divide `imageSize`, or the heads do not divide the features. */
  constructor(options: VisionTransformerOptions) {
    super();
    checkVitOptions("VisionTransformer", options);
    const { rng, imageSize, patchSize, hiddenDim, numClasses = 1000, inChannels = 3 } = options;
    if (imageSize % patchSize !== 0) {
      const expected = `a divisor of the image's size of ${imageSize}`;
      throw new OptionError("VisionTransformer", "patchSize", patchSize, expected);
    }
    this.imageSize = imageSize;
    this.patchSize = patchSize;
    this.inChannels = inChannels;
    this.classToken = initialized([1, 1, hiddenDim], init.zeros());
    this.convProj = new Conv2d(inChannels, hiddenDim, patchSize, { rng, stride: patchSize, init: redrawn });
    this.encoder = new VitEncoder((imageSize / patchSize) ** 2 + 1, options);
    this.heads = { head: new Linear(hiddenDim, numClasses, { rng, init: redrawn }) };
    const std = Math.sqrt(1 / (inChannels * patchSize ** 2));
    initialize(this.convProj, "weight", init.truncatedNormal({ std }), rng);
    initialize(this.convProj, "bias", init.zeros(), rng);
    initialize(this.heads.head, "weight", init.zeros(), rng);
    initialize(this.heads.head, "bias", init.zeros(), rng);
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns logits, `[batch, class]`
   */
  forward(images: Tensor4D): Tensor2D {
    const { imageSize, inChannels } = this;
    checkShape("VisionTransformer", "images", images, ["batch", imageSize, imageSize, inChannels]);
    return tidy(() => {
      const maps = this.convProj.forward(images); // [batch, row, column, feature]
      const [batch, rows, columns, features] = maps.shape;
      const patches: Tensor3D = reshape(maps, [batch, rows * columns, features]);
      const classToken: Tensor3D = broadcastTo(this.classToken, [batch, 1, features]);
      const encoded = this.encoder.forward(concat([classToken, patches], 1)); // [batch, 1 + patch, feature]
      const summary: Tensor2D = squeeze(slice(encoded, [0, 0, 0], [batch, 1, features]), [1]);
      return this.heads.head.forward(summary);
    });
  }
}

/** The layers of a {@link VisionTransformer}, after learned positions and before a norm. */
class VitEncoder extends Module implements Layer<Tensor3D, Tensor3D> {
  /** `[1, 1 + patch, feature]` */
  readonly posEmbedding: Parameter<Rank.R3>;
  readonly dropout: Dropout;
  readonly layers: Readonly<Record<string, VitBlock>>;
  readonly ln: LayerNorm;

  constructor(length: number, options: VisionTransformerOptions) {
    super();
    const { rng, hiddenDim, numLayers, dropout = 0 } = options;
    this.posEmbedding = initialized([1, length, hiddenDim], init.normal(0, 0.02), rng);
    this.dropout = new Dropout(dropout, { rng });
    this.layers = Object.fromEntries(
      Array.from({ length: numLayers }, (_, i) => [`encoder_layer_${i}`, new VitBlock(options)]),
    );
    this.ln = new LayerNorm(hiddenDim, { eps: 1e-6 });
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const first = this.dropout.forward(add<Tensor3D>(x, this.posEmbedding));
      return this.ln.forward(Object.values(this.layers).reduce((y, layer) => layer.forward(y), first));
    });
  }
}

/** Self-attention, then a feed-forward network, each after a norm and with a residual connection. */
export class VitBlock extends Module implements Layer<Tensor3D, Tensor3D>, HasTorchLayout {
  readonly ln1: LayerNorm;
  readonly selfAttention: MultiheadAttention;
  readonly dropout: Dropout;
  readonly ln2: LayerNorm;
  readonly mlp: Sequential<readonly [Linear, GELU, Dropout, Linear, Dropout]>;

  constructor(options: VisionTransformerOptions) {
    super();
    checkVitOptions("VitBlock", options);
    const { rng, hiddenDim, mlpDim, numHeads, dropout = 0, attentionDropout = 0 } = options;
    this.ln1 = new LayerNorm(hiddenDim, { eps: 1e-6 });
    this.selfAttention = new MultiheadAttention(hiddenDim, numHeads, { rng, dropout: attentionDropout });
    this.dropout = new Dropout(dropout, { rng });
    this.ln2 = new LayerNorm(hiddenDim, { eps: 1e-6 });
    const wide = new Linear(hiddenDim, mlpDim, { rng, init: redrawn });
    const narrow = new Linear(mlpDim, hiddenDim, { rng, init: redrawn });
    for (const layer of [wide, narrow]) {
      initialize(layer, "weight", init.xavierUniform(), rng);
      initialize(layer, "bias", init.normal(0, 1e-6), rng);
    }
    const drop = () => new Dropout(dropout, { rng });
    this.mlp = new Sequential(wide, new GELU(), drop(), narrow, drop());
  }

  get torchLayout(): TorchLayout {
    return {
      ln1: { name: "ln_1" },
      ln2: { name: "ln_2" },
      "mlp.0": { aliases: ["linear_1"] }, // in torchvision's files from 2022
      "mlp.3": { aliases: ["linear_2"] },
    };
  }

  /** @param x `[batch, patch, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const sum = add(x, dropoutTimeFirst(this.selfAttention.forward(this.ln1.forward(x)), this.dropout));
      return add(sum, this.mlp.forward(this.ln2.forward(sum)));
    });
  }
}

function checkVitOptions(caller: string, options: VisionTransformerOptions): void {
  checkRng(caller, options);
  const { imageSize, patchSize, numLayers, numHeads, hiddenDim, mlpDim } = options;
  const { numClasses = 1000, inChannels = 3, dropout = 0, attentionDropout = 0 } = options;
  checkSizes(caller, {
    imageSize,
    patchSize,
    numLayers,
    numHeads,
    hiddenDim,
    mlpDim,
    numClasses,
    inChannels,
  });
  headSize(caller, hiddenDim, numHeads);
  checkProbabilities(caller, { dropout, attentionDropout });
}

/** PyTorch draws a weight before torchvision draws it again. */
const redrawn = init.skipUniform();

type Sized = Omit<
  VisionTransformerOptions,
  "imageSize" | "patchSize" | "numLayers" | "numHeads" | "hiddenDim" | "mlpDim"
> & { readonly imageSize?: number };

const base = { imageSize: 224, numLayers: 12, numHeads: 12, hiddenDim: 768, mlpDim: 3072 };
const large = { imageSize: 224, numLayers: 24, numHeads: 16, hiddenDim: 1024, mlpDim: 4096 };

/** ViT-B with patches of 16 × 16, for images of 224 × 224: 86,567,656 parameters. */
export const vitB16 = (options: Sized): VisionTransformer =>
  new VisionTransformer({ ...base, patchSize: 16, ...options });

/** ViT-B with patches of 32 × 32: 88,224,232 parameters. */
export const vitB32 = (options: Sized): VisionTransformer =>
  new VisionTransformer({ ...base, patchSize: 32, ...options });

/** ViT-L with patches of 16 × 16: 304,326,632 parameters. */
export const vitL16 = (options: Sized): VisionTransformer =>
  new VisionTransformer({ ...large, patchSize: 16, ...options });

/** ViT-L with patches of 32 × 32: 306,535,400 parameters. */
export const vitL32 = (options: Sized): VisionTransformer =>
  new VisionTransformer({ ...large, patchSize: 32, ...options });
