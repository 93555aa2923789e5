import {
  checkShape,
  Dropout,
  Embedding,
  gelu,
  isTraining,
  type Layer,
  LayerNorm,
  Linear,
  type LinearOptions,
  linear,
  Module,
  normal,
  type Parameter,
  parameter,
  type Rng,
  type StoredByTorch,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  cast,
  expandDims,
  type Rank,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  transpose,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkContext } from "./context-length-error.ts";
import { DotProductAttention } from "./dot-product-attention.ts";
import { fromHeads, headWidth, toHeads } from "./heads.ts";

/** How a {@link BertForMaskedLm} is made. The defaults are those of BERT's base model. */
export interface BertOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** How many tokens there are. Default: 30522. */
  readonly vocabSize?: number;
  /** Features of a token. Default: 768. */
  readonly hiddenSize?: number;
  /** Default: 12. */
  readonly numHiddenLayers?: number;
  /** Default: 12. */
  readonly numAttentionHeads?: number;
  /** Features within a layer's linear part. Default: 3072. */
  readonly intermediateSize?: number;
  /** The longest text. Default: 512. */
  readonly maxPositionEmbeddings?: number;
  /** How many kinds of text there are: a question and its answer. Default: 2. */
  readonly typeVocabSize?: number;
  /** How likely a number is dropped in training. Default: 0.1. */
  readonly hiddenDropoutProb?: number;
  /** How likely a weight of an attention is dropped in training. Default: 0.1. */
  readonly attentionProbsDropoutProb?: number;
  /** Added to the variance by the norms. Default: 1e-12. */
  readonly layerNormEps?: number;
  /** The token that stands for nothing. Default: 0. */
  readonly padTokenId?: number | null;
}

/** What goes with the tokens of a text. */
export interface BertReading {
  /** 1 where there is a token, 0 where there is padding: `[batch, time]`. Default: tokens everywhere. */
  readonly attentionMask?: Tensor2D | null;
  /** The kind of text of each token, int32 `[batch, time]`. Default: 0. */
  readonly tokenTypeIds?: Tensor2D | null;
}

type Settled = Required<BertOptions>;

const settle = (options: BertOptions): Settled => ({
  vocabSize: 30_522,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  maxPositionEmbeddings: 512,
  typeVocabSize: 2,
  hiddenDropoutProb: 0.1,
  attentionProbsDropoutProb: 0.1,
  layerNormEps: 1e-12,
  padTokenId: 0,
  ...options,
});

/**
 * An encoder that looks both ways, and says which token stands at each place: to be asked where one is masked. With the names of
 * Hugging Face's `BertForMaskedLM`.
 *
 * Devlin et al., 2019. https://arxiv.org/abs/1810.04805
 */
export class BertForMaskedLm extends Module implements Layer<Tensor2D, Tensor3D> {
  readonly bert: Bert;
  readonly cls: { readonly predictions: BertPredictions };

  constructor(options: BertOptions) {
    super();
    const settled = settle(options);
    this.bert = new Bert(settled);
    this.cls = { predictions: new BertPredictions(settled, this.bert.embeddings.wordEmbeddings.weight) };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the token at each place, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is too long.
   */
  forward(tokens: Tensor2D, reading: BertReading = {}): Tensor3D {
    return tidy(() => this.cls.predictions.forward(this.bert.forward(tokens, reading)));
  }
}

/** The encoder of {@link BertForMaskedLm}. */
export class Bert extends Module implements Layer<Tensor2D, Tensor3D> {
  readonly embeddings: BertEmbeddings;
  readonly encoder: { readonly layer: readonly BertLayer[] };

  constructor(options: BertOptions) {
    super();
    const settled = settle(options);
    this.embeddings = new BertEmbeddings(settled);
    this.encoder = {
      layer: Array.from({ length: settled.numHiddenLayers }, () => new BertLayer(settled)),
    };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns `[batch, time, feature]`
   */
  forward(tokens: Tensor2D, { attentionMask = null, tokenTypeIds = null }: BertReading = {}): Tensor3D {
    checkShape("Bert", "tokens", tokens, ["batch", "time"]);
    if (attentionMask !== null) checkShape("Bert", "attentionMask", attentionMask, tokens.shape);
    if (tokenTypeIds !== null) checkShape("Bert", "tokenTypeIds", tokenTypeIds, tokens.shape);
    return tidy(() => {
      const mask = attentionMask === null ? null : expandDims(expandDims(cast(attentionMask, "bool"), 1), 1);
      const first = this.embeddings.forward(tokens, tokenTypeIds);
      return this.encoder.layer.reduce((x, layer) => layer.forward(x, mask), first);
    });
  }
}

/** Tokens, their places and their kinds as features. */
class BertEmbeddings extends Module implements StoredByTorch {
  readonly longest: number;
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly tokenTypeEmbeddings: Embedding;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(options: Settled) {
    super();
    const { rng, hiddenSize, padTokenId: paddingIdx } = options;
    const table = (rows: number, more = {}) =>
      new Embedding(rows, hiddenSize, { rng, init: normal(0, 0.02), ...more });
    this.longest = options.maxPositionEmbeddings;
    this.wordEmbeddings = table(options.vocabSize, { paddingIdx });
    this.positionEmbeddings = table(this.longest);
    this.tokenTypeEmbeddings = table(options.typeVocabSize);
    this.layerNorm = new LayerNorm(hiddenSize, { eps: options.layerNormEps });
    this.dropout = new Dropout(options.hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return { layerNorm: { name: "LayerNorm" } };
  }

  forward(tokens: Tensor2D, kinds: Tensor2D | null): Tensor3D {
    const time = tokens.shape[1];
    checkContext("Bert", time, this.longest);
    return tidy(() => {
      const words: Tensor3D = this.wordEmbeddings.forward(tokens);
      const kind: Tensor3D = this.tokenTypeEmbeddings.forward(kinds ?? zerosLike(cast(tokens, "int32")));
      const places = slice(this.positionEmbeddings.weight, [0, 0], [time, words.shape[2]]);
      return this.dropout.forward(this.layerNorm.forward(add<Tensor3D>(add(words, kind), places)));
    });
  }
}

/** Attention that looks both ways, then two linear layers, with a norm after each. */
export class BertLayer extends Module {
  readonly attention: { readonly self: BertSelfAttention; readonly output: BertOutput };
  readonly intermediate: { readonly dense: Linear };
  readonly output: BertOutput;

  constructor(options: Settled) {
    super();
    const { hiddenSize, intermediateSize } = options;
    this.attention = {
      self: new BertSelfAttention(options),
      output: new BertOutput(hiddenSize, options),
    };
    this.intermediate = { dense: dense(hiddenSize, intermediateSize, options.rng) };
    this.output = new BertOutput(intermediateSize, options);
  }

  /**
   * @param x `[batch, time, feature]`
   * @param mask which places may be looked at, as `scaledDotProductAttention`'s
   */
  forward(x: Tensor3D, mask: Tensor | null = null): Tensor3D {
    return tidy(() => {
      const found = this.attention.output.forward(this.attention.self.forward(x, mask), x);
      return this.output.forward(gelu(this.intermediate.dense.forward(found)), found);
    });
  }
}

/** Attention with a layer each for query, key and value. */
export class BertSelfAttention extends Module {
  readonly heads: number;
  readonly dropout: number;
  readonly rng: Rng;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attention = new DotProductAttention();

  constructor({ rng, hiddenSize, numAttentionHeads, attentionProbsDropoutProb }: Settled) {
    super();
    headWidth("Bert", hiddenSize, numAttentionHeads);
    this.heads = numAttentionHeads;
    this.dropout = attentionProbsDropoutProb;
    this.rng = rng;
    this.query = dense(hiddenSize, hiddenSize, rng);
    this.key = dense(hiddenSize, hiddenSize, rng);
    this.value = dense(hiddenSize, hiddenSize, rng);
  }

  forward(x: Tensor3D, mask: Tensor | null = null): Tensor3D {
    return tidy(() => {
      const [query, key, value] = [this.query, this.key, this.value].map((layer) =>
        toHeads(layer.forward(x), this.heads),
      ) as [ReturnType<typeof toHeads>, ReturnType<typeof toHeads>, ReturnType<typeof toHeads>];
      const options = { mask, dropout: isTraining(this) ? this.dropout : 0, rng: this.rng };
      return fromHeads(this.attention.forward({ query, key, value, options }));
    });
  }
}

/** `norm(dropout(dense(x)) + what went past)` */
class BertOutput extends Module implements StoredByTorch {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(inner: number, { rng, hiddenSize, layerNormEps: eps, hiddenDropoutProb }: Settled) {
    super();
    this.dense = dense(inner, hiddenSize, rng);
    this.layerNorm = new LayerNorm(hiddenSize, { eps });
    this.dropout = new Dropout(hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return { layerNorm: { name: "LayerNorm" } };
  }

  forward(x: Tensor3D, past: Tensor3D): Tensor3D {
    return this.layerNorm.forward(add<Tensor3D>(this.dropout.forward(this.dense.forward(x)), past));
  }
}

/** Logits by likeness to each token. */
class BertPredictions extends Module {
  readonly bias: Parameter<Rank.R1>;
  readonly transform: BertTransform;
  /** The embedding's own weight, `[token, feature]`, and the bias above. */
  readonly decoder: { readonly weight: Parameter<Rank.R2>; readonly bias: Parameter<Rank.R1> };

  constructor(options: Settled, weight: Parameter<Rank.R2>) {
    super();
    const { vocabSize } = options;
    this.bias = parameter({ data: new Float32Array(vocabSize), shape: [vocabSize] });
    this.transform = new BertTransform(options);
    this.decoder = { weight, bias: this.bias };
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => linear(this.transform.forward(x), transpose(this.decoder.weight, [1, 0]), this.bias));
  }
}

/** A last layer before the logits. */
class BertTransform extends Module implements StoredByTorch {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;

  constructor({ rng, hiddenSize, layerNormEps: eps }: Settled) {
    super();
    this.dense = dense(hiddenSize, hiddenSize, rng);
    this.layerNorm = new LayerNorm(hiddenSize, { eps });
  }

  get torchLayout(): TorchLayout {
    return { layerNorm: { name: "LayerNorm" } };
  }

  forward(x: Tensor3D): Tensor3D {
    return this.layerNorm.forward(gelu(this.dense.forward(x)));
  }
}

/** A linear layer that starts as BERT's do: normal of standard deviation 0.02, and no bias yet. */
function dense(inFeatures: number, outFeatures: number, rng: LinearOptions["rng"]): Linear {
  const layer = new Linear(inFeatures, outFeatures, { rng, init: normal(0, 0.02) });
  tidy(() => layer.bias?.assign(zeros([outFeatures])));
  return layer;
}
