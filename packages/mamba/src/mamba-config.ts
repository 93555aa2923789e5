import { PretrainedConfig, PretrainedError, type Rng } from "@pellucid/core-train";
import { Mamba } from "./mamba.ts";
import { Mamba2 } from "./mamba2.ts";
import type { MambaLmOptions } from "./mamba-lm.ts";

type Options = Omit<MambaLmOptions, "rng">;

/**
 * Options for {@link MambaLm} from a `config.json` of Mamba or Mamba-2, of transformers or of `mamba_ssm`.
 *
 * @throws {PretrainedError} If it needs what is not there.
 */
export function mambaOptionsOf(json: object): Options {
  const config = new PretrainedConfig("MambaLm.fromConfig", json);
  if (!config.has("model_type")) return upstream(config);
  return config.choice("model_type", { mamba, mamba2 })(config);
}

/** What both of transformers' configs have. */
function shared(config: PretrainedConfig): Options & { readonly expand: number } {
  config.only("hidden_act", "silu");
  return {
    names: "transformers",
    vocabSize: config.size("vocab_size"),
    dModel: config.size("hidden_size"),
    nLayer: config.size("num_hidden_layers"),
    padVocabSizeMultiple: 1,
    normEps: config.number("layer_norm_epsilon", 1e-5),
    tieEmbeddings: config.flag("tie_word_embeddings", config.value("model_type") === "mamba"),
    expand: config.number("expand", 2),
  };
}

function mamba(config: PretrainedConfig): Options {
  const { expand, ...options } = shared(config);
  config.only("intermediate_size", expand * options.dModel);
  const dtRank =
    config.value("time_step_rank") === "auto"
      ? {}
      : { dtRank: config.size("time_step_rank", Math.ceil(options.dModel / 16)) };
  const made = {
    dState: config.size("state_size", 16),
    dConv: config.size("conv_kernel", 4),
    expand,
    convBias: config.flag("use_conv_bias", true),
    bias: config.flag("use_bias", false),
    ...dtRank,
  };
  return { ...options, mixer: (dModel: number, rng: Rng) => new Mamba(dModel, { rng, ...made }) };
}

function mamba2(config: PretrainedConfig): Options {
  const { expand, ...options } = shared(config);
  const headDim = config.size("head_dim", 64);
  config.only("num_heads", (expand * options.dModel) / headDim);
  config.only("rms_norm", true);
  const made = {
    dState: config.size("state_size", 128),
    dConv: config.size("conv_kernel", 4),
    expand,
    headDim,
    nGroups: config.size("n_groups", 8),
    normGroups: 1,
    normEps: options.normEps ?? 1e-5,
    dtLimit: limitOf(config.value("time_step_limit")),
    convBias: config.flag("use_conv_bias", true),
    bias: config.flag("use_bias", false),
    chunkSize: config.size("chunk_size", 256),
  };
  return { ...options, mixer: (dModel: number, rng: Rng) => new Mamba2(dModel, { rng, ...made }) };
}

/** JSON has no infinity: transformers writes `Infinity`, which JSON does not have, or an object that stands for it. */
function limitOf(value: unknown): readonly [number, number] {
  const [least, most] = Array.isArray(value) ? (value as unknown[]) : [];
  return [typeof least === "number" ? least : 0, typeof most === "number" ? most : Infinity];
}

/** A config of `mamba_ssm`, whose `ssm_cfg` has the options of the mixer. */
function upstream(config: PretrainedConfig): Options {
  config.only("rms_norm", true);
  config.only("d_intermediate", 0);
  const attention = config.value("attn_layer_idx");
  if (Array.isArray(attention) && attention.length > 0)
    throw new PretrainedError(
      `MambaLm.fromConfig: attn_layer_idx is [${attention.join(", ")}], expected []: there are no layers of attention.`,
    );
  const inner = config.inner("ssm_cfg");
  const options = {
    vocabSize: config.size("vocab_size"),
    dModel: config.size("d_model"),
    nLayer: config.size("n_layer"),
    padVocabSizeMultiple: config.size("pad_vocab_size_multiple", 8),
    tieEmbeddings: config.flag("tie_embeddings", true),
  };
  const both = {
    dConv: inner.size("d_conv", 4),
    expand: inner.number("expand", 2),
    convBias: inner.flag("conv_bias", true),
    bias: inner.flag("bias", false),
  };
  const one = {
    ...both,
    dState: inner.size("d_state", 16),
    ...(typeof inner.value("dt_rank") === "number" ? { dtRank: inner.size("dt_rank") } : {}),
  };
  const two = {
    ...both,
    dState: inner.size("d_state", 128),
    headDim: inner.size("headdim", 64),
    nGroups: inner.size("ngroups", 1),
    chunkSize: inner.size("chunk_size", 256),
  };
  const mixer = inner.choice(
    "layer",
    {
      Mamba1: (dModel: number, rng: Rng) => new Mamba(dModel, { rng, ...one }),
      Mamba2: (dModel: number, rng: Rng) => new Mamba2(dModel, { rng, ...two }),
    },
    "Mamba1",
  );
  return { ...options, mixer };
}
