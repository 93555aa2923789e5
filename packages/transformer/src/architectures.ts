import type { Architectures, FromConfig } from "@pellucid/core-train";
import { BertForMaskedLm } from "./bert-for-masked-lm.ts";
import { Bert } from "./bert.ts";
import { DistilBertForMaskedLm } from "./distil-bert-for-masked-lm.ts";
import { Gpt } from "./gpt.ts";
import { Llama } from "./llama.ts";
import { T5 } from "./t5.ts";
import { VitForImageClassification } from "./vit-for-image-classification.ts";
import { Vit } from "./vit.ts";

const gpt: FromConfig<Gpt> = (config, options) => Gpt.fromConfig(config, options);
const llama: FromConfig<Llama> = (config, options) => Llama.fromConfig(config, options);
const bert: FromConfig<BertForMaskedLm> = (config, options) => BertForMaskedLm.fromConfig(config, options);

/** The models of this package by the architectures that a `config.json` of Hugging Face names, for `fromPretrained` of the core. */
export const transformerArchitectures = {
  GPT2LMHeadModel: gpt,
  GPT2Model: gpt,
  LlamaForCausalLM: llama,
  MistralForCausalLM: llama,
  Qwen2ForCausalLM: llama,
  Qwen3ForCausalLM: llama,
  BertForMaskedLM: bert,
  BertForPreTraining: bert,
  BertModel: (config, options) => Bert.fromConfig(config, options),
  DistilBertForMaskedLM: (config, options) => DistilBertForMaskedLm.fromConfig(config, options),
  T5ForConditionalGeneration: (config, options) => T5.fromConfig(config, options),
  ViTForImageClassification: (config, options) => VitForImageClassification.fromConfig(config, options),
  ViTModel: (config, options) => Vit.fromConfig(config, options),
} satisfies Architectures;
