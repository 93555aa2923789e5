import { PretrainedConfig } from "@pellucid/core-train";
import type { BertOptions } from "./bert-options.ts";

/**
 * Options for {@link BertForMaskedLm} from a `config.json` of BERT.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function bertOptionsOf(caller: string, json: object): Omit<BertOptions, "rng"> {
  const config = new PretrainedConfig(caller, json);
  config.only("model_type", "bert");
  config.only("hidden_act", "gelu");
  config.only("position_embedding_type", "absolute");
  config.only("is_decoder", false);
  config.only("add_cross_attention", false);
  config.only("tie_word_embeddings", true);
  return {
    vocabSize: config.size("vocab_size", 30_522),
    hiddenSize: config.size("hidden_size", 768),
    numHiddenLayers: config.size("num_hidden_layers", 12),
    numAttentionHeads: config.size("num_attention_heads", 12),
    intermediateSize: config.size("intermediate_size", 3072),
    maxPositionEmbeddings: config.size("max_position_embeddings", 512),
    typeVocabSize: config.size("type_vocab_size", 2),
    hiddenDropoutProb: config.number("hidden_dropout_prob", 0.1),
    attentionProbsDropoutProb: config.number("attention_probs_dropout_prob", 0.1),
    layerNormEps: config.number("layer_norm_eps", 1e-12),
    padTokenId: config.has("pad_token_id") ? config.number("pad_token_id") : null,
  };
}
