import { PretrainedConfig } from "@pellucid/core-train";
import type { DistilBertOptions } from "./distil-bert-for-masked-lm.ts";

/**
 * Options for {@link DistilBertForMaskedLm} from a `config.json` of DistilBERT.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function distilBertOptionsOf(json: object, caller: string): Omit<DistilBertOptions, "rng"> {
  const config = new PretrainedConfig(caller, json);
  config.only("model_type", "distilbert");
  config.only("activation", "gelu");
  config.only("tie_word_embeddings", true);
  return {
    vocabSize: config.size("vocab_size", 30_522),
    dim: config.size("dim", 768),
    nLayers: config.size("n_layers", 6),
    nHeads: config.size("n_heads", 12),
    hiddenDim: config.size("hidden_dim", 3072),
    maxPositionEmbeddings: config.size("max_position_embeddings", 512),
    dropout: config.number("dropout", 0.1),
    attentionDropout: config.number("attention_dropout", 0.1),
    padTokenId: config.has("pad_token_id") ? config.number("pad_token_id") : null,
  };
}
