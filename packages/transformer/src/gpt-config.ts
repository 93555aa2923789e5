import { PretrainedConfig } from "@pellucid/core-train";
import type { GptOptions } from "./gpt.ts";

/**
 * Options for {@link Gpt} from a `config.json` of GPT-2.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function gptOptionsOf(json: object, caller = "Gpt.fromConfig"): Omit<GptOptions, "rng"> {
  const config = new PretrainedConfig(caller, json);
  config.only("model_type", "gpt2");
  config.only("scale_attn_weights", true);
  config.only("scale_attn_by_inverse_layer_idx", false);
  config.only("add_cross_attention", false);
  config.only("tie_word_embeddings", true);
  const dropout = config.number("resid_pdrop", 0.1);
  config.only("attn_pdrop", dropout);
  config.only("embd_pdrop", dropout);
  const nEmbd = config.size("n_embd", 768);
  return {
    vocabSize: config.size("vocab_size", 50_257),
    blockSize: config.size("n_positions", 1024),
    nLayer: config.size("n_layer", 12),
    nHead: config.size("n_head", 12),
    nEmbd,
    nInner: config.size("n_inner", 4 * nEmbd),
    dropout,
    approximate: config.choice("activation_function", gelus, "gelu_new"),
    layerNormEpsilon: config.number("layer_norm_epsilon", 1e-5),
  };
}

/** Names of transformers. */
const gelus = { gelu: "none", gelu_new: "tanh", gelu_pytorch_tanh: "tanh" } as const;
