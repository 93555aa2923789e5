import {
  checkNotNegative,
  checkProbabilities,
  checkRng,
  checkSizes,
  headSize,
  OptionError,
  type Rng,
} from "@pellucid/core-train";

/** Options for {@link BertForMaskedLm}. The defaults are those of BERT base. */
export interface BertOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The size of the vocabulary. Default: 30522. */
  readonly vocabSize?: number;
  /** Features of a token. Default: 768. */
  readonly hiddenSize?: number;
  /** Default: 12. */
  readonly numHiddenLayers?: number;
  /** Default: 12. */
  readonly numAttentionHeads?: number;
  /** Features within the feed-forward network of a layer. Default: 3072. */
  readonly intermediateSize?: number;
  /** The context length, in tokens. Default: 512. */
  readonly maxPositionEmbeddings?: number;
  /** The number of segments, such as a question and its answer. Default: 2. */
  readonly typeVocabSize?: number;
  /** The probability of dropout in training. Default: 0.1. */
  readonly hiddenDropoutProb?: number;
  /** The probability that dropout zeroes an attention weight in training. Default: 0.1. */
  readonly attentionProbsDropoutProb?: number;
  /** Added to the variance by the norms. Default: 1e-12. */
  readonly layerNormEps?: number;
  /** The padding token. Default: 0. */
  readonly padTokenId?: number | null;
}

/** {@link BertOptions} with the defaults filled in. */
export type SettledBertOptions = Required<BertOptions>;

/**
 * Fills in the defaults.
 *
 * @throws {OptionError} If options are invalid.
 */
export function settleBertOptions(caller: string, options: BertOptions): SettledBertOptions {
  checkRng(caller, options);
  const settled = { ...defaults, ...options };
  const {
    hiddenDropoutProb,
    attentionProbsDropoutProb,
    layerNormEps,
    padTokenId,
    rng: _,
    ...sizes
  } = settled;
  checkSizes(caller, sizes);
  headSize(caller, sizes.hiddenSize, sizes.numAttentionHeads);
  checkProbabilities(caller, { hiddenDropoutProb, attentionProbsDropoutProb });
  checkNotNegative(caller, { layerNormEps });
  if (padTokenId !== null && !(Number.isInteger(padTokenId) && Math.abs(padTokenId) < sizes.vocabSize))
    throw new OptionError(caller, "padTokenId", padTokenId, `a token below ${sizes.vocabSize}`);
  return settled;
}

const defaults = {
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
};
