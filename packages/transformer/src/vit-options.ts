import {
  checkNotNegative,
  checkProbabilities,
  checkRng,
  checkSizes,
  headSize,
  OptionError,
  type Rng,
} from "@pellucid/core-train";

/** Options for {@link Vit}, with the names of Hugging Face's `ViTConfig`. The defaults are those of ViT base. */
export interface VitOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Height and width of an image. Default: 224. */
  readonly imageSize?: number;
  /** Height and width of a patch. Default: 16. */
  readonly patchSize?: number;
  /** Default: 3. */
  readonly numChannels?: number;
  /** Features of a patch. Default: 768. */
  readonly hiddenSize?: number;
  /** Default: 12. */
  readonly numHiddenLayers?: number;
  /** Default: 12. */
  readonly numAttentionHeads?: number;
  /** Features within the feed-forward network of a layer. Default: 3072. */
  readonly intermediateSize?: number;
  /** The number of classes. Default: 1000. */
  readonly numLabels?: number;
  /** Whether queries, keys and values have a bias. Default: true. */
  readonly qkvBias?: boolean;
  /** Added to the variance by the norms. Default: 1e-12. */
  readonly layerNormEps?: number;
  /** The probability of dropout in training. Default: 0. */
  readonly hiddenDropoutProb?: number;
  /** The probability that dropout zeroes an attention weight in training. Default: 0. */
  readonly attentionProbsDropoutProb?: number;
}

/** {@link VitOptions} with the defaults filled in. */
export type SettledVitOptions = Required<VitOptions>;

const defaults = {
  imageSize: 224,
  patchSize: 16,
  numChannels: 3,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  numLabels: 1000,
  qkvBias: true,
  layerNormEps: 1e-12,
  hiddenDropoutProb: 0,
  attentionProbsDropoutProb: 0,
};

/**
 * Fills in the defaults.
 *
 * @throws {OptionError} If options are invalid.
 */
export function settleVitOptions(caller: string, options: VitOptions): SettledVitOptions {
  checkRng(caller, options);
  const settled = { ...defaults, ...options };
  const {
    hiddenDropoutProb,
    attentionProbsDropoutProb,
    layerNormEps,
    qkvBias: _,
    rng: __,
    ...sizes
  } = settled;
  checkSizes(caller, sizes);
  headSize(caller, sizes.hiddenSize, sizes.numAttentionHeads);
  checkProbabilities(caller, { hiddenDropoutProb, attentionProbsDropoutProb });
  checkNotNegative(caller, { layerNormEps });
  if (sizes.imageSize % sizes.patchSize !== 0)
    throw new OptionError(
      caller,
      "patchSize",
      sizes.patchSize,
      `a divisor of the image's size of ${sizes.imageSize}`,
    );
  return settled;
}
