import {
  checkChoice,
  checkNotNegative,
  checkProbabilities,
  checkRng,
  checkSizes,
  OptionError,
  type Rng,
} from "@pellucid/core-train";

/** Options for {@link T5}, with the names of Hugging Face's `T5Config`. The defaults are those of the smallest T5. */
export interface T5Options {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The size of the vocabulary. Default: 32128. */
  readonly vocabSize?: number;
  /** Features of a token. Default: 512. */
  readonly dModel?: number;
  /** Features of a head. Default: 64. */
  readonly dKv?: number;
  /** Features within the feed-forward network of a layer. Default: 2048. */
  readonly dFf?: number;
  /** The layers of the encoder. Default: 6. */
  readonly numLayers?: number;
  /** The layers of the decoder. Default: those of the encoder. */
  readonly numDecoderLayers?: number;
  /** Default: 8. */
  readonly numHeads?: number;
  /** How many buckets of distances there are. Default: 32. */
  readonly relativeAttentionNumBuckets?: number;
  /** From this distance on all are the same. Default: 128. */
  readonly relativeAttentionMaxDistance?: number;
  /** The probability of dropout in training. Default: 0.1. */
  readonly dropoutRate?: number;
  /** Added to the mean square by the norms. Default: 1e-6. */
  readonly layerNormEpsilon?: number;
  /** The feed-forward network: `wo(relu(wi x))`, or `wo(gelu(wi_0 x) · wi_1 x)` as in T5 1.1 and Flan-T5. Default: `"relu"`. */
  readonly feedForwardProj?: "relu" | "gated-gelu";
  /** Whether the head uses the weight of the embedding. Default: true. */
  readonly tieWordEmbeddings?: boolean;
  /** Whether the features before the head are divided by `√dModel`. Default: as the head is tied. */
  readonly scaleDecoderOutputs?: boolean;
}

/** {@link T5Options} with the defaults filled in. */
export type SettledT5Options = Required<T5Options>;

/**
 * Fills in the defaults.
 *
 * @throws {OptionError} If options are invalid.
 */
export function settleT5Options(caller: string, options: T5Options): SettledT5Options {
  checkRng(caller, options);
  const { numLayers = 6, tieWordEmbeddings = true } = options;
  const settled = {
    vocabSize: 32_128,
    dModel: 512,
    dKv: 64,
    dFf: 2048,
    numLayers,
    numDecoderLayers: numLayers,
    numHeads: 8,
    relativeAttentionNumBuckets: 32,
    relativeAttentionMaxDistance: 128,
    dropoutRate: 0.1,
    layerNormEpsilon: 1e-6,
    feedForwardProj: "relu" as const,
    tieWordEmbeddings,
    scaleDecoderOutputs: tieWordEmbeddings,
    ...options,
  };
  const { vocabSize, dModel, dKv, dFf, numDecoderLayers, numHeads } = settled;
  const { relativeAttentionNumBuckets: buckets, relativeAttentionMaxDistance: distance } = settled;
  checkSizes(caller, { vocabSize, dModel, dKv, dFf, numLayers, numDecoderLayers, numHeads });
  checkSizes(caller, { relativeAttentionNumBuckets: buckets, relativeAttentionMaxDistance: distance });
  if (buckets % 4 !== 0)
    throw new OptionError(caller, "relativeAttentionNumBuckets", buckets, "a multiple of 4");
  if (distance <= buckets / 2)
    throw new OptionError(
      caller,
      "relativeAttentionMaxDistance",
      distance,
      `a distance beyond half the buckets, ${buckets / 2}`,
    );
  checkProbabilities(caller, { dropoutRate: settled.dropoutRate });
  checkNotNegative(caller, { layerNormEpsilon: settled.layerNormEpsilon });
  checkChoice(caller, "feedForwardProj", settled.feedForwardProj, ["relu", "gated-gelu"]);
  return settled;
}
