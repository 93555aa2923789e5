// Whole language models against transformers' in 64 bits, from weights by a formula: logits, gradients, ten steps of AdamW.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  crossEntropy,
  encodeSafetensors,
  generate,
  type HostTensor,
  loadWeights,
  Optimizer,
  Rng,
  saveWeights,
  sizeOf,
  softplus,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
  withoutInit,
} from "@pellucid/core-train";
import { Mamba, Mamba2, Mamba3, MambaLm, type MambaLmOptions } from "@pellucid/mamba";
import { drawsOf, fixture, formulaWeights } from "@pellucid/testing";
import {
  memory,
  reshape,
  slice,
  square,
  sum,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Model {
  readonly shapes: Record<string, number[]>;
  readonly logits: number[];
  readonly loss: number;
  readonly gradients: Record<string, [sum: number, sumOfSquares: number]>;
  readonly losses: number[];
}
const modelsOf = (file: string) => fixture<{ models: Record<string, Model> }>(import.meta.url, file).models;
const models = {
  ...modelsOf("../fixtures/torch/mamba.json"), // of Hugging Face's transformers
  ...modelsOf("../fixtures/torch/mamba3.json"), // of the paper's recurrence, in PyTorch
};

const mixers: Record<string, NonNullable<MambaLmOptions["mixer"]>> = {
  mamba: (width, rng) => new Mamba(width, { rng, dState: 4, dtRank: 2 }),
  mamba2: (width, rng) => new Mamba2(width, { rng, dState: 6, headDim: 4, chunkSize: 4 }),
  mamba3: (width, rng) => new Mamba3(width, { rng, dState: 6, headDim: 4, chunkSize: 4 }),
  "mamba3-norm": (width, rng) =>
    new Mamba3(width, {
      rng,
      dState: 4,
      headDim: 4,
      nGroups: 2,
      ropeFraction: 1,
      outProjNorm: true,
      decay: (x) => softplus(x),
    }),
};

const make = (name: string) =>
  new MambaLm({
    rng: new Rng(0),
    vocabSize: 24,
    dModel: 8,
    nLayer: 2,
    mixer: mixers[name] as NonNullable<MambaLmOptions["mixer"]>,
  });

/** The fixture's weights. */
const given = (shapes: Record<string, number[]>): Record<string, HostTensor> =>
  formulaWeights(shapes, (x, name, shape) => {
    if (name.endsWith("A_log")) return x + 1;
    if (name.endsWith(".D")) return 1 + 0.4 * x;
    if (/norm(_f)?\.weight$|[BC]_bias$/.test(name)) return 1 + 0.2 * x;
    if (/dt_bias$|dt_proj\.bias$/.test(name)) return 2 * x - 2;
    const fanIn = sizeOf(shape) / (shape[0] as number);
    return shape.length > 1 ? x * Math.sqrt(12 / fanIn) : 0.2 * x;
  });

const ids = (): Tensor2D =>
  tensor2d(
    [0, 1].map((b) => Array.from({ length: 11 }, (_, t) => (7 * t + 3 * b + t * t) % 23)),
    [2, 11],
    "int32",
  );

/** The mean loss of each token but the first, given the previous tokens. */
function lossOf(model: MambaLm, tokens: Tensor2D) {
  const logits = slice(model.forward(tokens), [0, 0, 0], [2, 10, 24]);
  return crossEntropy(reshape(logits, [20, 24]), reshape(slice(tokens, [0, 1], [2, 10]), [20]));
}

const capitals: Record<string, string> = {
  aLog: "A_log",
  d: "D",
  bBias: "B_bias",
  cBias: "C_bias",
  bNorm: "B_norm",
  cNorm: "C_norm",
};

/** The name in PyTorch of one of our parameters. */
const theirs = (path: string): string =>
  path
    .split(".")
    .map((field) => capitals[field] ?? field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`))
    .join(".");

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

describe.each(Object.keys(models))("%s", (name) => {
  const wanted = models[name] as Model;
  const loaded = () => {
    const model = withoutInit(() => make(name));
    loadWeights(model, encodeSafetensors(given(wanted.shapes)));
    return model;
  };

  test("within withoutInit it draws nothing", () => {
    expect(drawsOf(() => withoutInit(() => make(name)).dispose())).toEqual([]);
  });

  test("names and shapes are the reference's and those of the tied head", async () => {
    const model = make(name);
    const shapes = Object.entries(await torchStateOf(model)).map(([key, { shape }]) => [key, [...shape]]);
    expect(Object.fromEntries(shapes)).toEqual({ ...wanted.shapes, "lm_head.weight": [24, 8] });
  });

  test("the reference's weights give its logits, loss and gradients", () => {
    const model = loaded();
    const tokens = ids();
    // transformers' logits have 24 bits; ours result from about 100 roundings of numbers of size 1
    expect(model.forward(tokens)).toBeAllclose(wanted.logits, { rtol: 1e-5, atol: 1e-5 });
    const { value, gradients } = valueAndGradients(trainable(model), () => lossOf(model, tokens));
    expect(value).toBeAllclose(wanted.loss, { rtol: 1e-6, atol: 0 });
    const found = Object.entries(gradients).map(([path, gradient]) => {
      const [total, squares] = [sum(gradient), sum(square(gradient))].map((x) => x.dataSync()[0] as number);
      return [theirs(path), [total, squares]] as const;
    });
    expect(found.map(([key]) => key).toSorted()).toEqual(Object.keys(wanted.gradients).toSorted());
    for (const [key, numbers] of found)
      expect(numbers, key).toBeAllclose(wanted.gradients[key] as [number, number], {
        rtol: 1e-4,
        atol: 2e-6,
      });
  });

  test("ten steps of AdamW give the losses of the reference", async () => {
    const model = loaded();
    const tokens = ids();
    const optimizer = new Optimizer(adamw({ learningRate: 1e-3, weightDecay: 0.1 }), trainable(model));
    const losses: number[] = [];
    for (let step = 0; step < 10; step++)
      losses.push(await trainStep(model, optimizer, () => lossOf(model, tokens)));
    expect(losses).toBeAllclose(wanted.losses, { rtol: 0, atol: 1e-5 });
  });

  test("saved weights load again, also into a model whose head is not tied", async () => {
    const model = loaded();
    const again = make(name);
    loadWeights(again, await saveWeights(model));
    expect(again.forward(ids())).toBeAllclose(model.forward(ids()), { rtol: 0, atol: 0 });
    const apart = new MambaLm({
      rng: new Rng(1),
      vocabSize: 24,
      dModel: 8,
      nLayer: 2,
      tieEmbeddings: false,
      mixer: mixers[name] as NonNullable<MambaLmOptions["mixer"]>,
    });
    loadWeights(apart, await saveWeights(model));
    expect(apart.forward(ids())).toBeAllclose(model.forward(ids()), { rtol: 0, atol: 0 });
  });

  test("it generates the tokens that the whole text predicts, and its state does not grow over 200 tokens", async () => {
    const model = loaded();
    const text = [3, 1, 4];
    let counted = 0;
    for await (const token of generate(model, text, { maxNewTokens: 200, temperature: 0 })) {
      if (text.length < 12) {
        const tokens = tensor2d([...text], [1, text.length], "int32");
        const logits = slice(model.forward(tokens), [0, text.length - 1, 0], [1, 1, 24]).dataSync();
        expect(logits[token]).toBeCloseTo(Math.max(...logits), 5);
      }
      text.push(token);
      if (text.length === 14) counted = memory().numTensors;
      if (text.length > 14) expect(memory().numTensors).toBe(counted);
    }
    expect(text).toHaveLength(203);
  });
});

test("an empty prompt and unknown tokens are refused; an aborted text leaks no tensors", async () => {
  const model = make("mamba");
  const first = async (prompt: number[], signal?: AbortSignal) => {
    const made = [];
    for await (const token of generate(model, prompt, {
      maxNewTokens: 3,
      rng: new Rng(0),
      ...(signal && { signal }),
    }))
      made.push(token);
    return made;
  };
  await expect(first([])).rejects.toThrow("generate: the prompt has no tokens, expected at least one.");
  await expect(first([24])).rejects.toThrow(
    "generate: the prompt has the token 24, expected integers from 0 to 23.",
  );
  const before = memory().numTensors;
  await expect(first([1], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(await first([1])).toHaveLength(3);
  expect(memory().numTensors).toBe(before);
});

test("the embedding is padded to a multiple of 8 rows, whose tokens are never generated", async () => {
  const model = new MambaLm({ rng: new Rng(0), vocabSize: 5, dModel: 8, nLayer: 1 });
  expect(model.backbone.embedding.weight.shape).toEqual([8, 8]);
  for await (const token of generate(model, tensor1d([1], "int32").dataSync(), {
    maxNewTokens: 50,
    rng: new Rng(0),
  }))
    expect(token).toBeLessThan(5);
});
