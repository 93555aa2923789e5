// Classifiers of texts of unequal length: the padding that fixtures/hub/hub.py gives PyTorch's; errors; one is trained.
import { fileURLToPath } from "node:url";
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  crossEntropy,
  fromPretrained,
  Optimizer,
  OptionError,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  BertForSequenceClassification,
  DistilBertForSequenceClassification,
  GptForSequenceClassification,
  LlamaForSequenceClassification,
  transformerArchitectures,
} from "@pellucid/transformer";
import { fixture } from "@pellucid/testing";
import { argMax, cast, notEqual, tensor1d, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const cases = fixture<Record<string, { readonly padded?: readonly number[] }>>(
  import.meta.url,
  "../fixtures/hub/expected.json",
);
const folder = (name: string) => fileURLToPath(new URL(`../fixtures/hub/${name}`, import.meta.url));
const texts = () => tensor2d([1, 5, 9, 3, 7, 2, 4, 8, 6, 0, 0, 0], [2, 6], "int32");

beforeAll(() => useBackend({ only: "wasm" }));

test.each([
  ["bert-classifier", BertForSequenceClassification],
  ["distilbert-classifier", DistilBertForSequenceClassification],
  ["gpt2-classifier", GptForSequenceClassification],
  ["llama-classifier", LlamaForSequenceClassification],
  ["qwen2-classifier", LlamaForSequenceClassification],
  ["mistral-classifier", LlamaForSequenceClassification],
  ["qwen3-classifier", LlamaForSequenceClassification],
  ["stablelm-classifier", LlamaForSequenceClassification],
] as const)("%s", async (name, kind) => {
  const model = await fromPretrained(folder(name), transformerArchitectures);
  expect(model).toBeInstanceOf(kind);
  const tokens = texts();
  const read = (): unknown =>
    tidy(() => {
      const attentionMask = cast(notEqual(tokens, 0), "int32") as Tensor2D;
      return Array.from(
        model instanceof BertForSequenceClassification || model instanceof DistilBertForSequenceClassification
          ? model.forward(tokens, { attentionMask }).dataSync()
          : (model as LlamaForSequenceClassification).forward(tokens).dataSync(),
      );
    });
  expect(read()).toBeAllclose(cases[name]?.padded ?? [], { rtol: 0, atol: 5e-6 });
  expect(() => void read()).toLeakNothing();
  model.dispose();
  tokens.dispose();
});

test("PyTorch's name of the mask is refused, not passed over", async () => {
  const tokens = texts();
  for (const name of ["bert-classifier", "distilbert-classifier"]) {
    const model = await fromPretrained(folder(name), transformerArchitectures);
    const wrong = () =>
      (model as BertForSequenceClassification).forward(tokens, { attention_mask: tokens } as object);
    expect(wrong).toThrow("attentionMask");
    expect(wrong).toThrow(OptionError);
    model.dispose();
  }
  tokens.dispose();
});

test("several texts need a padding token", () => {
  const small = { vocabSize: 24, blockSize: 8, nEmbd: 8, nLayer: 1, nHead: 2 };
  const model = new GptForSequenceClassification({ rng: new Rng(0), ...small });
  expect(() => model.forward(texts())).toThrow(OptionError);
  expect(() => model.forward(texts())).toThrow(
    "padTokenId is null, expected the padding token, for a batch of 2 texts",
  );
  expect(model.forward(tensor2d([1, 2, 3], [1, 3], "int32")).shape).toEqual([1, 2]);
});

test("a classifier learns which of two tokens comes last", async () => {
  const rng = new Rng(0);
  const sizes = {
    vocabSize: 8,
    hiddenSize: 16,
    intermediateSize: 16,
    numHiddenLayers: 1,
    numAttentionHeads: 2,
  };
  const model = new LlamaForSequenceClassification({ rng, ...sizes, padTokenId: 0 });
  const optimizer = new Optimizer(adamw({ learningRate: 1e-2 }), trainable(model));
  const tokens = tensor2d([1, 2, 3, 1, 3, 2, 3, 2, 0, 2, 3, 0], [4, 3], "int32");
  const labels = tensor1d([1, 0, 0, 1], "int32");
  for (let step = 0; step < 40; step++)
    await trainStep(model, optimizer, () => crossEntropy(model.forward(tokens), labels));
  expect(Array.from(argMax(model.forward(tokens), 1).dataSync())).toEqual([1, 0, 0, 1]);
});
