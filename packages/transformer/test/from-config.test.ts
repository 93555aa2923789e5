// Configs that need what is not there, and scaled rotary positions.
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { fromPretrained, PretrainedError, Rng } from "@pellucid/core-train";
import {
  Bert,
  BertForMaskedLm,
  DistilBertForMaskedLm,
  Gpt,
  Llama,
  transformerArchitectures,
  Vit,
  VitForImageClassification,
} from "@pellucid/transformer";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const path = (name: string) => fileURLToPath(new URL(`../fixtures/hub/${name}`, import.meta.url));
const config = (name: string) => JSON.parse(readFileSync(`${path(name)}/config.json`, "utf8")) as object;
const makers = {
  gpt2: (json: object) => Gpt.fromConfig(json, { rng }),
  llama: (json: object) => Llama.fromConfig(json, { rng }),
  mistral: (json: object) => Llama.fromConfig(json, { rng }),
  bert: (json: object) => BertForMaskedLm.fromConfig(json, { rng }),
  "bert-body": (json: object) => Bert.fromConfig(json, { rng }),
  distilbert: (json: object) => DistilBertForMaskedLm.fromConfig(json, { rng }),
  vit: (json: object) => VitForImageClassification.fromConfig(json, { rng }),
  "vit-body": (json: object) => Vit.fromConfig(json, { rng }),
};

test.each<[keyof typeof makers, object, string]>([
  [
    "gpt2",
    { activation_function: "relu" },
    'Gpt.fromConfig: activation_function is "relu", expected "gelu" or "gelu_new" or "gelu_pytorch_tanh".',
  ],
  ["gpt2", { n_layer: "two" }, 'Gpt.fromConfig: n_layer is "two", expected a positive integer.'],
  ["gpt2", { attn_pdrop: 0.5 }, "Gpt.fromConfig: attn_pdrop is 0.5, expected 0; no other is known."],
  [
    "llama",
    { hidden_act: "gelu" },
    'Llama.fromConfig: hidden_act is "gelu", expected "silu"; no other is known.',
  ],
  [
    "llama",
    { model_type: "phi" },
    'Llama.fromConfig: model_type is "phi", expected "llama" or "mistral" or "qwen2" or "qwen3" or "stablelm".',
  ],
  [
    "llama",
    { rope_parameters: { rope_type: "proportional" } },
    'Llama.fromConfig: rope_parameters: rope_type is "proportional", expected "default" or "linear" or "dynamic" or "llama3" or "yarn" or "longrope" or "su".',
  ],
  [
    "llama",
    { rope_parameters: { rope_type: "longrope", short_factor: "1" } },
    'Llama.fromConfig: rope_parameters: short_factor is "1", expected a list of numbers.',
  ],
  [
    "llama",
    { rope_parameters: { rope_type: "linear" } },
    "Llama.fromConfig: rope_parameters: the config has no factor.",
  ],
  ["mistral", { sliding_window: 0 }, "Llama.fromConfig: sliding_window is 0, expected a positive integer."],
  [
    "bert",
    { position_embedding_type: "relative_key" },
    'BertForMaskedLm.fromConfig: position_embedding_type is "relative_key", expected "absolute"; no other is known.',
  ],
  [
    "bert-body",
    { hidden_act: "relu" },
    'Bert.fromConfig: hidden_act is "relu", expected "gelu"; no other is known.',
  ],
  [
    "distilbert",
    { dim: null, n_heads: 1.5 },
    "DistilBertForMaskedLm.fromConfig: n_heads is 1.5, expected a positive integer.",
  ],
  [
    "vit",
    { hidden_act: "relu" },
    'VitForImageClassification.fromConfig: hidden_act is "relu", expected "gelu"; no other is known.',
  ],
  ["vit-body", { image_size: [8, 8] }, "Vit.fromConfig: image_size is [8,8], expected a positive integer."],
])("%s refuses %j", (name, change, message) => {
  const { numTensors } = memory();
  expect(() => makers[name]({ ...config(name), ...change })).toThrow(new PretrainedError(message));
  expect(memory().numTensors).toBe(numTensors);
});

test("configs from before transformers 5 have rope_theta and rope_scaling", () => {
  const { rope_parameters: _, ...old } = config("llama-3") as { rope_parameters: object };
  const scaling = { type: "linear", factor: 4 };
  const model = Llama.fromConfig({ ...old, rope_theta: 50, rope_scaling: scaling }, { rng });
  expect(model.blockSize).toBe(64);
  expect(model.model.layers[0]?.selfAttn.ropeTheta).toBe(50);
  model.dispose();
});

test("an architecture that is not there is an error that lists those that are", async () => {
  const read = async () =>
    new TextEncoder().encode(JSON.stringify({ architectures: ["GemmaForCausalLM"], model_type: "gemma" }));
  await expect(fromPretrained({ name: "here", read }, transformerArchitectures)).rejects.toThrow(
    new PretrainedError(
      `config.json is of GemmaForCausalLM, gemma, expected one of ${Object.keys(transformerArchitectures).join(", ")}.`,
    ),
  );
});

test("a missing table of architectures is named", async () => {
  const read = async () => new Uint8Array();
  await expect(fromPretrained({ name: "here", read }, undefined as never)).rejects.toThrow(
    "architectures is undefined",
  );
});

test("the windows of layers and the kinds of scaling are checked", () => {
  const options = {
    rng,
    vocabSize: 5,
    hiddenSize: 4,
    intermediateSize: 6,
    numHiddenLayers: 2,
    numAttentionHeads: 2,
  };
  expect(() => new Llama({ ...options, slidingWindow: [3] })).toThrow(
    "Llama: slidingWindow.length is 1, expected 2, one for each layer.",
  );
  const ropeScaling = { type: "llama3", factor: 2, lowFreqFactor: 4, highFreqFactor: 1 } as const;
  expect(() => new Llama({ ...options, ropeScaling })).toThrow(
    "Llama: lowFreqFactor is 4, expected a number below highFreqFactor, 1.",
  );
});
