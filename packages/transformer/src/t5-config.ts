import { PretrainedConfig } from "@pellucid/core-train";
import type { T5Options } from "./t5-options.ts";

/**
 * Options for {@link T5} from a `config.json` of T5.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function t5OptionsOf(json: object): Omit<T5Options, "rng"> {
  const config = new PretrainedConfig("T5.fromConfig", json);
  config.only("model_type", "t5");
  const numLayers = config.size("num_layers", 6);
  const tieWordEmbeddings = config.flag("tie_word_embeddings", true);
  return {
    vocabSize: config.size("vocab_size", 32_128),
    dModel: config.size("d_model", 512),
    dKv: config.size("d_kv", 64),
    dFf: config.size("d_ff", 2048),
    numLayers,
    numDecoderLayers: config.size("num_decoder_layers", numLayers),
    numHeads: config.size("num_heads", 8),
    relativeAttentionNumBuckets: config.size("relative_attention_num_buckets", 32),
    relativeAttentionMaxDistance: config.size("relative_attention_max_distance", 128),
    dropoutRate: config.number("dropout_rate", 0.1),
    layerNormEpsilon: config.number("layer_norm_epsilon", 1e-6),
    feedForwardProj: config.choice("feed_forward_proj", networks, "relu"),
    tieWordEmbeddings,
    scaleDecoderOutputs: config.flag("scale_decoder_outputs", tieWordEmbeddings),
  };
}

const networks = { relu: "relu", "gated-gelu": "gated-gelu" } as const;
