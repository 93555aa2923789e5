import { PretrainedConfig } from "@pellucid/core-train";
import type { LlamaOptions } from "./llama-options.ts";
import type { Phi3Options } from "./phi3-block.ts";
import type { RopeScaling } from "./rope-scaling.ts";

/** What the configs of models with Llama's names leave out. */
const defaults = {
  llama: { context: 2048, qkNorm: false, attentionBias: false },
  mistral: { context: 131_072, qkNorm: false, attentionBias: false },
  qwen2: { context: 32_768, qkNorm: false, attentionBias: "qkv" },
  qwen3: { context: 32_768, qkNorm: true, attentionBias: false },
  stablelm: { context: 4096, qkNorm: false, attentionBias: false },
} as const;

/**
 * Options for {@link Llama} from a `config.json` of Llama, Mistral, Qwen 2, Qwen 3 or StableLM.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function llamaOptionsOf(json: object, caller = "Llama.fromConfig"): Omit<LlamaOptions, "rng"> {
  const config = new PretrainedConfig(caller, json);
  const type = config.choice(
    "model_type",
    { llama: "llama", mistral: "mistral", qwen2: "qwen2", qwen3: "qwen3", stablelm: "stablelm" } as const,
    "llama",
  );
  const { context, qkNorm, attentionBias } = defaults[type];
  config.only("hidden_act", "silu");
  config.only("pretraining_tp", 1);
  config.only("use_parallel_residual", false);
  config.only("qk_layernorm", false);
  const isStable = type === "stablelm";
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
    rmsNormEps: isStable ? config.number("layer_norm_eps", 1e-5) : config.number("rms_norm_eps", 1e-6),
    tieWordEmbeddings: config.flag("tie_word_embeddings", false),
    attentionBias:
      attentionBias === "qkv" || (isStable && config.flag("use_qkv_bias", false))
        ? "qkv"
        : config.flag("attention_bias", false),
    mlpBias: config.flag("mlp_bias", false),
    qkNorm,
    ...(isStable ? { norm: "layer" } : {}),
    slidingWindow: windowsOf(config, type, numHiddenLayers),
    ...ropeOf(config, { theta: 10_000, partial: isStable ? 0.25 : 1 }),
  };
}

/**
 * Options for {@link Phi3} from a `config.json` of Phi-3.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function phi3OptionsOf(json: object): Omit<Phi3Options, "rng"> {
  const config = new PretrainedConfig("Phi3.fromConfig", json);
  config.only("model_type", "phi3");
  config.only("hidden_act", "silu");
  config.only("attention_bias", false);
  const numAttentionHeads = config.size("num_attention_heads", 32);
  return {
    vocabSize: config.size("vocab_size", 32_064),
    hiddenSize: config.size("hidden_size", 3072),
    intermediateSize: config.size("intermediate_size", 8192),
    numHiddenLayers: config.size("num_hidden_layers", 32),
    numAttentionHeads,
    numKeyValueHeads: config.size("num_key_value_heads", numAttentionHeads),
    maxPositionEmbeddings: config.size("max_position_embeddings", 4096),
    rmsNormEps: config.number("rms_norm_eps", 1e-5),
    tieWordEmbeddings: config.flag("tie_word_embeddings", false),
    slidingWindow: config.has("sliding_window") ? config.size("sliding_window") : null,
    ...ropeOf(config, { theta: 10_000, partial: 1 }),
  };
}

/** The window of each layer: of Mistral in all, of Qwen in those that say so. */
function windowsOf(
  config: PretrainedConfig,
  type: keyof typeof defaults,
  layers: number,
): number | null | readonly (number | null)[] {
  if (type === "llama" || type === "stablelm" || !config.has("sliding_window")) return null;
  const window = config.size("sliding_window");
  const types = config.value("layer_types");
  if (Array.isArray(types)) return types.map((layer) => (layer === "sliding_attention" ? window : null));
  if (type === "mistral") return window;
  if (!config.flag("use_sliding_window", false)) return null;
  const first = config.number("max_window_layers", 28);
  return Array.from({ length: layers }, (_, i) => (i >= first ? window : null));
}

/**
 * Rotary positions, as configs have them since transformers 5, or before.
 *
 * @param otherwise what a config leaves out
 */
export function ropeOf(
  config: PretrainedConfig,
  otherwise: { readonly theta: number; readonly partial: number },
): Pick<LlamaOptions, "ropeTheta" | "ropeScaling" | "partialRotaryFactor"> {
  const rope = config.inner(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
  const ropeTheta = rope.number("rope_theta", config.number("rope_theta", otherwise.theta));
  const partial = rope.number(
    "partial_rotary_factor",
    config.number("partial_rotary_factor", otherwise.partial),
  );
  const kinds = {
    default: null,
    linear: "linear",
    dynamic: "dynamic",
    llama3: "llama3",
    yarn: "yarn",
    longrope: "longrope",
    su: "longrope", // its name in the first files of Phi-3
  } as const;
  const type = rope.choice(rope.has("rope_type") ? "rope_type" : "type", kinds, "default");
  return {
    ropeTheta,
    ...(partial === 1 ? {} : { partialRotaryFactor: partial }),
    ropeScaling: type === null ? null : scalingOf(config, rope, type),
  };
}

function scalingOf(config: PretrainedConfig, rope: PretrainedConfig, type: RopeScaling["type"]): RopeScaling {
  if (type === "longrope") return longRopeOf(config, rope);
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

/** Its factor is how much longer texts may be than those of the first training, unless the config says another. */
function longRopeOf(config: PretrainedConfig, rope: PretrainedConfig): RopeScaling {
  const name = "original_max_position_embeddings";
  const longest = config.size("max_position_embeddings");
  const original = rope.has(name) ? rope.size(name) : config.size(name, longest);
  return {
    type: "longrope",
    factor: rope.number("factor", longest / original),
    originalMaxPositionEmbeddings: original,
    shortFactor: rope.numbers("short_factor"),
    longFactor: rope.numbers("long_factor"),
    ...(rope.has("attention_factor") ? { attentionFactor: rope.number("attention_factor") } : {}),
  };
}

function magnitude(factor: number, weight: number): number {
  return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
}
