import type { Architectures, FromConfig } from "@pellucid/core-train";
import { BertForSequenceClassification } from "./bert-for-sequence-classification.ts";
import { BertForMaskedLm } from "./bert-for-masked-lm.ts";
import { Bert } from "./bert.ts";
import { DistilBertForMaskedLm } from "./distil-bert-for-masked-lm.ts";
import { DistilBertForSequenceClassification } from "./distil-bert-for-sequence-classification.ts";
import { GptForSequenceClassification } from "./gpt-for-sequence-classification.ts";
import { GptNeoX } from "./gpt-neox.ts";
import { Gpt } from "./gpt.ts";
import { LlamaForSequenceClassification } from "./llama-for-sequence-classification.ts";
import { Llama } from "./llama.ts";
import { Phi3 } from "./phi3.ts";
import { T5 } from "./t5.ts";
import { VitForImageClassification } from "./vit-for-image-classification.ts";
import { Vit } from "./vit.ts";

const gpt: FromConfig<Gpt> = (config, options) => Gpt.fromConfig(config, options);
const llama: FromConfig<Llama> = (config, options) => Llama.fromConfig(config, options);
const llamaClassifier: FromConfig<LlamaForSequenceClassification> = (config, options) =>
  LlamaForSequenceClassification.fromConfig(config, options);
const bert: FromConfig<BertForMaskedLm> = (config, options) => BertForMaskedLm.fromConfig(config, options);

/** The models of this package by the architectures that a `config.json` of Hugging Face names, for `fromPretrained` of the core. */
export const transformerArchitectures = {
  GPT2LMHeadModel: gpt,
  GPT2Model: gpt,
  GPT2ForSequenceClassification: (config, options) =>
    GptForSequenceClassification.fromConfig(config, options),
  LlamaForCausalLM: llama,
  MistralForCausalLM: llama,
  Qwen2ForCausalLM: llama,
  Qwen3ForCausalLM: llama,
  StableLmForCausalLM: llama,
  LlamaForSequenceClassification: llamaClassifier,
  MistralForSequenceClassification: llamaClassifier,
  Qwen2ForSequenceClassification: llamaClassifier,
  Qwen3ForSequenceClassification: llamaClassifier,
  StableLmForSequenceClassification: llamaClassifier,
  Phi3ForCausalLM: (config, options) => Phi3.fromConfig(config, options),
  GPTNeoXForCausalLM: (config, options) => GptNeoX.fromConfig(config, options),
  BertForMaskedLM: bert,
  BertForPreTraining: bert,
  BertModel: (config, options) => Bert.fromConfig(config, options),
  BertForSequenceClassification: (config, options) =>
    BertForSequenceClassification.fromConfig(config, options),
  DistilBertForSequenceClassification: (config, options) =>
    DistilBertForSequenceClassification.fromConfig(config, options),
  DistilBertForMaskedLM: (config, options) => DistilBertForMaskedLm.fromConfig(config, options),
  T5ForConditionalGeneration: (config, options) => T5.fromConfig(config, options),
  ViTForImageClassification: (config, options) => VitForImageClassification.fromConfig(config, options),
  ViTModel: (config, options) => Vit.fromConfig(config, options),
} satisfies Architectures;
