import {
  checkOptions,
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
import type { BertReading } from "./bert.ts";
import {
  type DistilBertBody,
  distilBertBody,
  distilBertFeatures,
  distilBertLayout,
  settleDistilBert,
} from "./distil-bert-body.ts";
import { distilBertOptionsOf } from "./distil-bert-config.ts";

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
    return new DistilBertForMaskedLm({
      ...distilBertOptionsOf(config, "DistilBertForMaskedLm.fromConfig"),
      rng,
    });
  }

  readonly distilbert: DistilBertBody;
  readonly vocabTransform: Linear;
  readonly vocabLayerNorm: LayerNorm;
  /** The weight of the embedding, `[token, feature]`, and a bias. */
  readonly vocabProjector: { readonly weight: Parameter<Rank.R2>; readonly bias: Parameter<Rank.R1> };

  constructor(options: DistilBertOptions) {
    super();
    const settled = settleDistilBert("DistilBertForMaskedLm", options);
    const { rng, hiddenSize: dim, vocabSize } = settled;
    this.distilbert = distilBertBody(settled);
    this.vocabTransform = bertDense(dim, dim, rng);
    this.vocabLayerNorm = new LayerNorm(dim, { eps: settled.layerNormEps });
    this.vocabProjector = {
      weight: this.distilbert.embeddings.wordEmbeddings.weight,
      bias: initialized([vocabSize], init.zeros()),
    };
  }

  get torchLayout(): TorchLayout {
    return distilBertLayout(this.distilbert);
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the token at each position, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is too long.
   */
  forward(tokens: Tensor2D, reading: Pick<BertReading, "attentionMask"> = {}): Tensor3D {
    checkOptions("DistilBertForMaskedLm", reading, ["attentionMask"]);
    const { attentionMask = null } = reading;
    const { weight, bias } = this.vocabProjector;
    return tidy(() => {
      const hidden = distilBertFeatures("DistilBertForMaskedLm", this.distilbert, tokens, attentionMask);
      const inner = this.vocabLayerNorm.forward(gelu(this.vocabTransform.forward(hidden)));
      return linear(inner, transpose(weight, [1, 0]), bias);
    });
  }
}
