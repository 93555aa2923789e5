import type { Architectures, FromConfig } from "@pellucid/core-train";
import { MambaLm } from "./mamba-lm.ts";

const mamba: FromConfig<MambaLm> = (config, options) => MambaLm.fromConfig(config, options);

/**
 * The models of this package by what their `config.json` says, for `fromPretrained` of the core: the architectures of Hugging Face's
 * transformers, and the `ssm_cfg` that configs of `mamba_ssm` have.
 */
export const mambaArchitectures = {
  MambaForCausalLM: mamba,
  Mamba2ForCausalLM: mamba,
  ssm_cfg: mamba,
} satisfies Architectures;
