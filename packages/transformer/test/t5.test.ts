// T5 against Hugging Face's: fixtures/hub/hub.py.
import { fileURLToPath } from "node:url";
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  beamSearch,
  crossEntropy,
  disposeLeaves,
  encodeSafetensors,
  fromPretrained,
  generate,
  loadPretrained,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { checkHub, type HubCase } from "@pellucid/testing/hub";
import { T5, transformerArchitectures } from "@pellucid/transformer";
import { concat, memory, reshape, slice, tensor1d, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { relativeBucket } from "../src/relative-bucket.ts";

interface T5Case extends HubCase {
  readonly written: readonly number[];
  readonly buckets?: readonly (readonly number[])[];
}
const cases = fixture<Record<string, T5Case>>(import.meta.url, "../fixtures/hub/expected.json");
const folder = (name: string) => fileURLToPath(new URL(`../fixtures/hub/${name}`, import.meta.url));
const row = (values: readonly number[]): Tensor2D => tensor2d([[...values]], [1, values.length], "int32");
const words = [1, 5, 9, 3, 7, 2, 2, 11, 0, 4, 8, 6];
const input = () => ({
  tokens: row(Array.from({ length: 40 }, (_, i) => (7 * i + i * i) % 24)),
  target: row(words),
  attentionMask: row([...new Array<number>(37).fill(1), 0, 0, 0]),
});

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test.each(["t5", "t5-gated"])("%s loads as it is, and is written as PyTorch reads it", (name) =>
  checkHub(folder(name), transformerArchitectures, cases[name] as T5Case, (model: T5) =>
    model.forward(input()),
  ),
);

describe.each(["t5", "t5-gated"])("%s", (name) => {
  const loaded = async () => (await fromPretrained(folder(name), transformerArchitectures)) as T5;

  test("writes what it writes in Python, greedily and as the best of one beam", async () => {
    const model = await loaded();
    const { numTensors } = memory();
    const [start = 0, ...wanted] = cases[name]?.written ?? [];
    const options = { maxNewTokens: wanted.length, temperature: 0 };
    const found: number[] = [];
    for await (const token of generate(model.conditionedOn(words), [start], options)) found.push(token);
    expect(found).toEqual(wanted);
    const [best] = await beamSearch(model.conditionedOn(words), [start], {
      beams: 1,
      maxNewTokens: wanted.length,
    });
    expect(Array.from(best?.tokens ?? [])).toEqual(wanted);
    expect(memory().numTensors).toBe(numTensors);
    model.dispose();
  });

  test("gives the same at once and token by token, and leaks nothing", async () => {
    const model = await loaded();
    const { tokens, target, attentionMask } = input();
    const whole = model.forward({ tokens, target, attentionMask });
    let state = model.read(tokens, attentionMask);
    const parts = words.map((_, i) => {
      const after = model.step(slice(target, [0, i], [1, 1]), state);
      disposeLeaves(state);
      state = after.state;
      return after.output;
    });
    expect(concat(parts, 1)).toBeAllclose(whole, { rtol: 0, atol: 1e-5 });
    expect(() => model.forward({ tokens, target })).toLeakNothing();
    model.dispose();
  });
});

test("the buckets of distances are those of Python", () => {
  for (const [i, both] of [true, false].entries()) {
    const found = Array.from({ length: 601 }, (_, at) => relativeBucket(at - 300, 32, 128, both));
    expect(found).toEqual(cases["t5"]?.buckets?.[i]);
  }
});

test("a head of its own is loaded, and the names of old files are passed over", async () => {
  const options = {
    vocabSize: 24,
    dModel: 8,
    dKv: 4,
    dFf: 12,
    numLayers: 2,
    numHeads: 2,
    relativeAttentionNumBuckets: 8,
    relativeAttentionMaxDistance: 20,
  };
  const model = new T5({ ...options, rng: new Rng(0), tieWordEmbeddings: false });
  const state = await torchStateOf(model);
  const head = { data: new Float32Array(24 * 8).fill(0.5), shape: [24, 8] };
  const old = { data: new Float32Array(8 * 2), shape: [8, 2] };
  const key = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";
  const bytes = encodeSafetensors({ ...state, "lm_head.weight": head, [key]: old });
  const report = await loadPretrained(model, { name: "here", read: async () => bytes });
  expect(report.unknown).toEqual([]);
  expect(model.lmHead.weight.dataSync()[0]).toBe(0.5);
  expect(model.shared.weight.dataSync()[0]).not.toBe(0.5);
  expect(model.scale).toBe(1);
});

test("it learns to repeat a text", async () => {
  const options = { vocabSize: 6, dModel: 16, dKv: 8, dFf: 32, numLayers: 1, numHeads: 2, dropoutRate: 0 };
  const model = new T5({ ...options, rng: new Rng(0) });
  const optimizer = new Optimizer(adamw({ learningRate: 1e-2 }), trainable(model));
  const [tokens, target] = [
    tensor2d(
      [
        [2, 3, 4],
        [4, 5, 3],
      ],
      [2, 3],
      "int32",
    ),
    tensor2d(
      [
        [0, 2, 3, 4],
        [0, 4, 5, 3],
      ],
      [2, 4],
      "int32",
    ),
  ];
  const next = tensor1d([2, 3, 4, 1, 4, 5, 3, 1], "int32");
  for (let step = 0; step < 60; step++)
    await trainStep(model, optimizer, () =>
      crossEntropy(reshape(model.forward({ tokens, target }), [8, 6]) as Tensor2D, next),
    );
  const found: number[] = [];
  for await (const token of generate(model.conditionedOn([4, 5, 3]), [0], {
    endToken: 1,
    maxNewTokens: 8,
    temperature: 0,
  }))
    found.push(token);
  expect(found).toEqual([4, 5, 3, 1]);
});
