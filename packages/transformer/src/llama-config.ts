import { PretrainedConfig } from "@pellucid/core-train";
import type { LlamaOptions } from "./llama-options.ts";
import type { RopeScaling } from "./rope-scaling.ts";

/** What the configs of models with Llama's names leave out. */
const defaults = {
  llama: { context: 2048, qkNorm: false, attentionBias: false },
  mistral: { context: 131_072, qkNorm: false, attentionBias: false },
  qwen2: { context: 32_768, qkNorm: false, attentionBias: "qkv" },
  qwen3: { context: 32_768, qkNorm: true, attentionBias: false },
} as const;

/**
 * Options for {@link Llama} from a `config.json` of Llama, Mistral, Qwen 2 or Qwen 3.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function llamaOptionsOf(json: object): Omit<LlamaOptions, "rng"> {
  const config = new PretrainedConfig("Llama.fromConfig", json);
  const type = config.choice(
    "model_type",
    { llama: "llama", mistral: "mistral", qwen2: "qwen2", qwen3: "qwen3" } as const,
    "llama",
  );
  const { context, qkNorm, attentionBias } = defaults[type];
  config.only("hidden_act", "silu");
  config.only("pretraining_tp", 1);
  const numAttentionHeads = config.size("num_attention_heads");
  const numHiddenLayers = config.size("num_hidden_layers");
  return {
    vocabSize: config.size("vocab_size"),
    hiddenSize: config.size("hidden_size"),
    intermediateSize: config.size("intermediate_size"),
    numHiddenLayers,
    numAttentionHeads,
    numKeyValueHeads: config.size("num_key_value_heads", numAttentionHeads),
    ...(config.has("head_dim") || type === "qwen3" ? { headDim: config.size("head_dim", 128) } : {}),
    maxPositionEmbeddings: config.size("max_position_embeddings", context),
    rmsNormEps: config.number("rms_norm_eps", 1e-6),
    tieWordEmbeddings: config.flag("tie_word_embeddings", false),
    attentionBias: attentionBias === "qkv" ? attentionBias : config.flag("attention_bias", false),
    mlpBias: config.flag("mlp_bias", false),
    qkNorm,
    slidingWindow: windowsOf(config, type, numHiddenLayers),
    ...ropeOf(config),
  };
}

/** The window of each layer: of Mistral in all, of Qwen in those that say so. */
function windowsOf(
  config: PretrainedConfig,
  type: keyof typeof defaults,
  layers: number,
): number | null | readonly (number | null)[] {
  if (type === "llama" || !config.has("sliding_window")) return null;
  const window = config.size("sliding_window");
  const types = config.value("layer_types");
  if (Array.isArray(types)) return types.map((layer) => (layer === "sliding_attention" ? window : null));
  if (type === "mistral") return window;
  if (!config.flag("use_sliding_window", false)) return null;
  const first = config.number("max_window_layers", 28);
  return Array.from({ length: layers }, (_, i) => (i >= first ? window : null));
}

/** Rotary positions, as configs have them since transformers 5, or before. */
function ropeOf(config: PretrainedConfig): Pick<LlamaOptions, "ropeTheta" | "ropeScaling"> {
  const rope = config.inner(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
  const ropeTheta = rope.number("rope_theta", config.number("rope_theta", 10_000));
  rope.only("partial_rotary_factor", 1);
  config.only("partial_rotary_factor", 1);
  const kinds = {
    default: null,
    linear: "linear",
    dynamic: "dynamic",
    llama3: "llama3",
    yarn: "yarn",
  } as const;
  const type = rope.choice(rope.has("rope_type") ? "rope_type" : "type", kinds, "default");
  return { ropeTheta, ropeScaling: type === null ? null : scalingOf(rope, type) };
}

function scalingOf(rope: PretrainedConfig, type: RopeScaling["type"]): RopeScaling {
  const names = {
    originalMaxPositionEmbeddings: "original_max_position_embeddings",
    lowFreqFactor: "low_freq_factor",
    highFreqFactor: "high_freq_factor",
    betaFast: "beta_fast",
    betaSlow: "beta_slow",
    attentionFactor: "attention_factor",
  };
  const given = Object.entries(names).filter(([, name]) => rope.has(name));
  const factor = rope.number("factor");
  return {
    type,
    factor,
    ...Object.fromEntries(given.map(([key, name]) => [key, rope.number(name)])),
    ...(rope.has("mscale") && rope.has("mscale_all_dim") && !rope.has("attention_factor")
      ? {
          attentionFactor:
            magnitude(factor, rope.number("mscale")) / magnitude(factor, rope.number("mscale_all_dim")),
        }
      : {}),
    truncate: rope.flag("truncate", true),
  };
}

function magnitude(factor: number, weight: number): number {
  return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
}
