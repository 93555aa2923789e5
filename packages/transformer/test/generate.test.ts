// Generated text and beam search against transformers' generate in 64 bits; the size of the cache; and how generation is aborted.
import { useBackend } from "@pellucid/backends";
import {
  DataError,
  generate,
  type GenerateOptions,
  loadWeights,
  OptionError,
  Rng,
} from "@pellucid/core-train";
import { fixture, formulaWeights } from "@pellucid/testing";
import { beamSearch, Gpt } from "@pellucid/transformer";
import { memory, slice, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const { models, generated } = fixture<{
  models: { gpt2: { shapes: Record<string, number[]> } };
  generated: { greedy: number[]; beams: number[][]; scores: number[] };
}>(import.meta.url, "../fixtures/torch/models.json");

/** The fixture's model, whose matrices are four times those of the others, so that its probabilities differ clearly. */
function writer(blockSize = 12): Gpt {
  const model = new Gpt({ rng: new Rng(0), vocabSize: 23, blockSize, nEmbd: 8, nLayer: 2, nHead: 2 });
  const weights = formulaWeights(models.gpt2.shapes, (x, name, shape) =>
    shape.length > 1 ? 4 * Math.fround(0.7 * x) : (name.endsWith("weight") ? 1 : 0) + 0.2 * x,
  );
  const fitting = Object.entries(weights).filter(
    ([name]) => blockSize === 12 || name !== "transformer.wpe.weight",
  );
  loadWeights(model, Object.fromEntries(fitting), { strict: blockSize === 12 });
  return model;
}

async function written(
  ...args: [model: Gpt, prompt: number[], options?: GenerateOptions]
): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of generate(...args)) tokens.push(token);
  return tokens;
}

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("the most likely tokens are transformers', and the end token ends the text", async () => {
  const model = writer();
  const options = { maxNewTokens: 8, temperature: 0 };
  expect(await written(model, [3, 1, 4], options)).toEqual(generated.greedy);
  const end = generated.greedy.at(-1) as number;
  expect(generated.greedy.indexOf(end)).toBe(7);
  expect(await written(model, [3, 1, 4], { maxNewTokens: 20, temperature: 0, endToken: end })).toEqual(
    generated.greedy,
  );
});

test("beam search finds the texts of transformers, with its scores", async () => {
  const found = await beamSearch(writer(), [3, 1, 4], { beams: 3, maxNewTokens: 6, endToken: 19 });
  expect(found.map(({ tokens }) => tokens)).toEqual(generated.beams);
  expect(found.map(({ score }) => score)).toBeAllclose(generated.scores, { rtol: 0, atol: 1e-5 });
});

test("with as many beams as there are texts it finds the most likely of all", async () => {
  const model = writer();
  const [best] = await beamSearch(model, [5], { beams: 23 * 23, maxNewTokens: 3 });
  const likelihoods = await Promise.all(
    Array.from({ length: 23 }, async (_, first) => {
      const [text] = await beamSearch(model, [5, first], { beams: 23 * 23, maxNewTokens: 2 });
      const [alone] = (await beamSearch(model, [5], { beams: 23, maxNewTokens: 1 })).filter(
        ({ tokens }) => tokens[0] === first,
      );
      return (text?.logLikelihood ?? 0) + (alone?.logLikelihood ?? 0);
    }),
  );
  expect(best?.logLikelihood).toBeCloseTo(Math.max(...likelihoods), 4);
});

test("a text beyond the context is cut to its last tokens, without the earlier ones", async () => {
  const model = writer();
  const text = [3, 1, 4];
  for await (const token of generate(model, text, { maxNewTokens: 20, temperature: 0 })) {
    const window = text.slice(-12);
    const ids: Tensor2D = tensor2d(window, [1, window.length], "int32");
    const logits = slice(model.forward(ids), [0, window.length - 1, 0], [1, 1, 23]).dataSync();
    expect(logits[token]).toBeCloseTo(Math.max(...logits), 4);
    text.push(token);
  }
  expect(text).toHaveLength(23);
});

test("the cache grows by two vectors per layer and token, and its tensors do not grow in number", async () => {
  const model = writer(300);
  const sizes: number[] = [];
  const counts: number[] = [];
  let made = 0;
  for await (const _ of generate(model, [1], { maxNewTokens: 200, temperature: 0 })) {
    sizes.push(memory().numBytes);
    counts.push(memory().numTensors);
    made++;
  }
  expect(made).toBe(200);
  expect(new Set(counts).size).toBe(1);
  const perToken = 2 * 2 * 8 * 4; // key and value, two layers, eight features of four bytes
  expect((sizes[199] as number) - (sizes[0] as number)).toBe(199 * perToken);
});

describe("refused or stopped", () => {
  const make = () => writer();

  test("empty prompts, unknown tokens and invalid searches", async () => {
    const model = make();
    await expect(written(model, [])).rejects.toThrow(DataError);
    await expect(beamSearch(model, [23], { beams: 1, maxNewTokens: 1 })).rejects.toThrow(
      "beamSearch: the prompt has the token 23, expected integers from 0 to 22.",
    );
    await expect(beamSearch(model, [1], { beams: 0, maxNewTokens: 1 })).rejects.toThrow(
      new OptionError("beamSearch", "beams", 0, "an integer above 0"),
    );
    await expect(beamSearch(model, [1, 2, 3], { beams: 1, maxNewTokens: 11 })).rejects.toThrow(
      "beamSearch: a prompt of 3 tokens and 11 new ones do not fit a context of 12. Shorten the prompt or lower maxNewTokens.",
    );
  });

  test("an aborted generation leaks no tensors", async () => {
    const model = make();
    const before = memory().numTensors;
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(written(model, [1], { temperature: 0, signal })).rejects.toThrow("enough");
    await expect(beamSearch(model, [1], { beams: 2, maxNewTokens: 3, signal })).rejects.toThrow("enough");
    await written(model, [1], { maxNewTokens: 5, topK: 5, topP: 0.9, rng: new Rng(0) });
    for await (const _ of generate(model, [1], { temperature: 0 })) break;
    expect(memory().numTensors).toBe(before);
  });
});
