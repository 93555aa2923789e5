import {
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  gelu,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  LayerNorm,
  type Linear,
  linear,
  Module,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { type Rank, type Tensor2D, type Tensor3D, tidy, transpose } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import { settleBertOptions } from "./bert-options.ts";
import { bertMask, type BertReading } from "./bert.ts";
import { distilBertOptionsOf } from "./distil-bert-config.ts";
import { DistilBertEmbeddings } from "./distil-bert-embeddings.ts";
import { DistilBertLayer } from "./distil-bert-layer.ts";

/** Options for {@link DistilBertForMaskedLm}, with the names of Hugging Face's `DistilBertConfig` and its defaults. */
export interface DistilBertOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The size of the vocabulary. Default: 30522. */
  readonly vocabSize?: number;
  /** Features of a token. Default: 768. */
  readonly dim?: number;
  /** Default: 6. */
  readonly nLayers?: number;
  /** Default: 12. */
  readonly nHeads?: number;
  /** Features within the feed-forward network of a layer. Default: 3072. */
  readonly hiddenDim?: number;
  /** The context length, in tokens. Default: 512. */
  readonly maxPositionEmbeddings?: number;
  /** The probability of dropout in training. Default: 0.1. */
  readonly dropout?: number;
  /** The probability that dropout zeroes an attention weight in training. Default: 0.1. */
  readonly attentionDropout?: number;
  /** The padding token. Default: 0. */
  readonly padTokenId?: number | null;
}

/**
 * BERT with half its layers and without segments, trained to repeat BERT's predictions; with the names of Hugging Face's
 * `DistilBertForMaskedLM`.
 *
 * Sanh et al., 2019. https://arxiv.org/abs/1910.01108
 */
export class DistilBertForMaskedLm extends Module implements Layer<Tensor2D, Tensor3D>, HasTorchLayout {
  /**
   * The model that a `config.json` of DistilBERT describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<DistilBertOptions, "rng">): DistilBertForMaskedLm {
    return new DistilBertForMaskedLm({ ...distilBertOptionsOf(config), rng });
  }

  readonly distilbert: {
    readonly embeddings: DistilBertEmbeddings;
    readonly transformer: { readonly layer: readonly DistilBertLayer[] };
  };
  readonly vocabTransform: Linear;
  readonly vocabLayerNorm: LayerNorm;
  /** The weight of the embedding, `[token, feature]`, and a bias. */
  readonly vocabProjector: { readonly weight: Parameter<Rank.R2>; readonly bias: Parameter<Rank.R1> };

  constructor(options: DistilBertOptions) {
    super();
    checkRng("DistilBertForMaskedLm", options);
    const { rng, dim = 768, nLayers = 6, nHeads = 12, hiddenDim = 3072, dropout = 0.1 } = options;
    const {
      vocabSize = 30_522,
      maxPositionEmbeddings = 512,
      attentionDropout = 0.1,
      padTokenId = 0,
    } = options;
    const sizes = { vocabSize, dim, nLayers, nHeads, hiddenDim, maxPositionEmbeddings };
    checkSizes("DistilBertForMaskedLm", sizes);
    checkProbabilities("DistilBertForMaskedLm", { dropout, attentionDropout });
    const settled = settleBertOptions("DistilBertForMaskedLm", {
      rng,
      vocabSize,
      hiddenSize: dim,
      numHiddenLayers: nLayers,
      numAttentionHeads: nHeads,
      intermediateSize: hiddenDim,
      maxPositionEmbeddings,
      hiddenDropoutProb: dropout,
      attentionProbsDropoutProb: attentionDropout,
      padTokenId,
    });
    this.distilbert = {
      embeddings: new DistilBertEmbeddings(settled),
      transformer: { layer: Array.from({ length: nLayers }, () => new DistilBertLayer(settled)) },
    };
    this.vocabTransform = bertDense(dim, dim, rng);
    this.vocabLayerNorm = new LayerNorm(dim, { eps: settled.layerNormEps });
    this.vocabProjector = {
      weight: this.distilbert.embeddings.wordEmbeddings.weight,
      bias: initialized([vocabSize], init.zeros()),
    };
  }

  get torchLayout(): TorchLayout {
    const own = ["embeddings", ...this.distilbert.transformer.layer.map((_, i) => `transformer.layer.${i}`)];
    return Object.fromEntries(own.map((path) => [`distilbert.${path}`, { aliases: [path] }])); // files of the body alone
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the token at each position, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is too long.
   */
  forward(tokens: Tensor2D, { attentionMask = null }: Pick<BertReading, "attentionMask"> = {}): Tensor3D {
    checkShape("DistilBertForMaskedLm", "tokens", tokens, ["batch", "time"]);
    const { embeddings, transformer } = this.distilbert;
    const { weight, bias } = this.vocabProjector;
    return tidy(() => {
      const mask = bertMask("DistilBertForMaskedLm", tokens, attentionMask);
      const hidden = transformer.layer.reduce(
        (x, layer) => layer.forward(x, mask),
        embeddings.forward(tokens),
      );
      const inner = this.vocabLayerNorm.forward(gelu(this.vocabTransform.forward(hidden)));
      return linear(inner, transpose(weight, [1, 0]), bias);
    });
  }
}
