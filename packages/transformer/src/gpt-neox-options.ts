import {
  checkNotNegative,
  checkPositive,
  checkRng,
  checkSizes,
  headSize,
  PretrainedConfig,
  type Rng,
} from "@pellucid/core-train";
import { ropeOf } from "./llama-config.ts";
import { rotatedFeatures } from "./rotary-heads.ts";
import { checkRopeScaling, type RopeScaling } from "./rope-scaling.ts";

/** Options for {@link GptNeoX}, with the names of Hugging Face's `GPTNeoXConfig`. */
export interface GptNeoXOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  readonly vocabSize: number;
  /** Features of a token. */
  readonly hiddenSize: number;
  /** Features within the feed-forward network of a block. */
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  /** The context length, in tokens. Default: 2048. */
  readonly maxPositionEmbeddings?: number;
  /** The part of each head's features that is rotated. Default: 0.25. */
  readonly partialRotaryFactor?: number;
  /** The base of the rotary positions. Default: 10000. */
  readonly ropeTheta?: number;
  /** How positions are stretched for longer texts. Default: not. */
  readonly ropeScaling?: RopeScaling | null;
  /** Added to the variance by the norms. Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Whether attention and feed-forward network read the same input. Default: true. */
  readonly useParallelResidual?: boolean;
  /** Whether the linear layers of attention have a bias. Default: true. */
  readonly attentionBias?: boolean;
}

/** @throws {OptionError} If options are invalid. */
export function checkGptNeoXOptions(caller: string, options: GptNeoXOptions): void {
  checkRng(caller, options);
  const { vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads } = options;
  const { maxPositionEmbeddings = 2048, partialRotaryFactor = 0.25 } = options;
  const { ropeTheta = 10_000, layerNormEps = 1e-5 } = options;
  checkSizes(caller, { vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads });
  checkSizes(caller, { maxPositionEmbeddings });
  const rotated = rotatedFeatures(
    caller,
    headSize(caller, hiddenSize, numAttentionHeads),
    partialRotaryFactor,
  );
  checkPositive(caller, { ropeTheta });
  checkNotNegative(caller, { layerNormEps });
  checkRopeScaling(caller, options.ropeScaling, rotated);
}

/**
 * Options for {@link GptNeoX} from a `config.json` of GPT-NeoX.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function gptNeoXOptionsOf(json: object): Omit<GptNeoXOptions, "rng"> {
  const config = new PretrainedConfig("GptNeoX.fromConfig", json);
  config.only("model_type", "gpt_neox");
  config.only("hidden_act", "gelu");
  config.only("tie_word_embeddings", false);
  return {
    vocabSize: config.size("vocab_size", 50_432),
    hiddenSize: config.size("hidden_size", 6144),
    intermediateSize: config.size("intermediate_size", 24_576),
    numHiddenLayers: config.size("num_hidden_layers", 44),
    numAttentionHeads: config.size("num_attention_heads", 64),
    maxPositionEmbeddings: config.size("max_position_embeddings", 2048),
    layerNormEps: config.number("layer_norm_eps", 1e-5),
    useParallelResidual: config.flag("use_parallel_residual", true),
    attentionBias: config.flag("attention_bias", true),
    ...ropeOf(config, {
      theta: config.number("rotary_emb_base", 10_000),
      partial: config.number("rotary_pct", 0.25),
    }),
  };
}
