import { type Rng } from "@pellucid/core-train";

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

/** All of them. */
export type SettledBertOptions = Required<BertOptions>;

/** Puts the defaults where nothing was said. */
export const settleBertOptions = (options: BertOptions): SettledBertOptions => ({
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
