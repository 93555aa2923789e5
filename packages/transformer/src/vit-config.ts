import { PretrainedConfig } from "@pellucid/core-train";
import { labelsOf } from "./labels-of.ts";
import type { VitOptions } from "./vit-options.ts";

/**
 * Options for {@link Vit} from a `config.json` of ViT.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function vitOptionsOf(caller: string, json: object): Omit<VitOptions, "rng"> {
  const config = new PretrainedConfig(caller, json);
  config.only("model_type", "vit");
  config.only("hidden_act", "gelu");
  return {
    imageSize: config.size("image_size", 224),
    patchSize: config.size("patch_size", 16),
    numChannels: config.size("num_channels", 3),
    hiddenSize: config.size("hidden_size", 768),
    numHiddenLayers: config.size("num_hidden_layers", 12),
    numAttentionHeads: config.size("num_attention_heads", 12),
    intermediateSize: config.size("intermediate_size", 3072),
    numLabels: labelsOf(caller, json).numLabels,
    qkvBias: config.flag("qkv_bias", true),
    layerNormEps: config.number("layer_norm_eps", 1e-12),
    hiddenDropoutProb: config.number("hidden_dropout_prob", 0),
    attentionProbsDropoutProb: config.number("attention_probs_dropout_prob", 0),
  };
}
