import {
  checkShape,
  Conv2d,
  Dropout,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  LayerNorm,
  Module,
  type Parameter,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  broadcastTo,
  concat,
  type Rank,
  reshape,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { vitOptionsOf } from "./vit-config.ts";
import { VitLayer } from "./vit-layer.ts";
import { settleVitOptions, type VitOptions } from "./vit-options.ts";

/**
 * The encoder of {@link VitForImageClassification}: features of a class token and of the patches of an image, with the names of Hugging
 * Face's `ViTModel`, new ones and those before transformers 5. {@link VisionTransformer} is the same network with torchvision's names.
 *
 * Dosovitskiy et al., 2021. An image is worth 16x16 words. https://arxiv.org/abs/2010.11929
 */
export class Vit extends Module implements Layer<Tensor4D, Tensor3D>, HasTorchLayout {
  /**
   * The model that a `config.json` of ViT describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<VitOptions, "rng">): Vit {
    return new Vit({ ...vitOptionsOf("Vit.fromConfig", config), rng });
  }

  readonly imageSize: number;
  readonly numChannels: number;
  readonly embeddings: {
    /** `[1, 1, feature]` */
    readonly clsToken: Parameter<Rank.R3>;
    /** `[1, 1 + patch, feature]` */
    readonly positionEmbeddings: Parameter<Rank.R3>;
    readonly patchEmbeddings: { readonly projection: Conv2d };
  };
  readonly dropout: Dropout;
  readonly layers: readonly VitLayer[];
  readonly layernorm: LayerNorm;

  constructor(options: VitOptions) {
    super();
    const settled = settleVitOptions("Vit", options);
    const { rng, imageSize, patchSize, numChannels, hiddenSize, layerNormEps: eps } = settled;
    const drawn = init.truncatedNormal({ std: 0.02 });
    this.imageSize = imageSize;
    this.numChannels = numChannels;
    const projection = new Conv2d(numChannels, hiddenSize, patchSize, {
      rng,
      stride: patchSize,
      init: drawn,
    });
    const { bias } = projection;
    tidy(() => bias?.assign(zerosLike(bias)));
    this.embeddings = {
      clsToken: initialized<Rank.R3>([1, 1, hiddenSize], drawn, rng),
      positionEmbeddings: initialized<Rank.R3>([1, (imageSize / patchSize) ** 2 + 1, hiddenSize], drawn, rng),
      patchEmbeddings: { projection },
    };
    this.dropout = new Dropout(settled.hiddenDropoutProb, { rng });
    this.layers = Array.from({ length: settled.numHiddenLayers }, () => new VitLayer(settled));
    this.layernorm = new LayerNorm(hiddenSize, { eps });
  }

  get torchLayout(): TorchLayout {
    const own = [
      "embeddings.clsToken",
      "embeddings.positionEmbeddings",
      "embeddings.patchEmbeddings.projection",
      "layernorm",
    ];
    const inFiles = [
      "embeddings.cls_token",
      "embeddings.position_embeddings",
      "embeddings.patch_embeddings.projection",
      "layernorm",
    ];
    const passedOver = ["pooler.dense.weight", "pooler.dense.bias", "classifier.weight", "classifier.bias"];
    return {
      ...Object.fromEntries(own.map((path, i) => [path, { aliases: [`vit.${inFiles[i]}`] }])),
      ...Object.fromEntries(
        this.layers.map((_, i) => [
          `layers.${i}`,
          { aliases: [`encoder.layer.${i}`, `vit.layers.${i}`, `vit.encoder.layer.${i}`] }, // files of a model around it
        ]),
      ),
      ...Object.fromEntries(passedOver.map((name) => [name, { name, ignored: true }])),
    };
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, 1 + patch, feature]`, first the class token
   */
  forward(images: Tensor4D): Tensor3D {
    const { imageSize, numChannels, embeddings } = this;
    checkShape("Vit", "images", images, ["batch", imageSize, imageSize, numChannels]);
    return tidy(() => {
      const maps = embeddings.patchEmbeddings.projection.forward(images); // [batch, row, column, feature]
      const [batch, rows, columns, features] = maps.shape;
      const patches: Tensor3D = reshape(maps, [batch, rows * columns, features]);
      const classToken: Tensor3D = broadcastTo(embeddings.clsToken, [batch, 1, features]);
      const all = add<Tensor3D>(concat([classToken, patches], 1), embeddings.positionEmbeddings); // [batch, 1 + patch, feature]
      return this.layernorm.forward(
        this.layers.reduce((x, layer) => layer.forward(x), this.dropout.forward(all)),
      );
    });
  }
}
