// A language model with PyTorch's names, which carries its state along.
import { useBackend } from "@pellucid/backends";
import { beamSearch, DataError, generate, logSoftmax, Rng, torchStateOf } from "@pellucid/core-train";
import { GRU, LSTM, RecurrentLm, type RecurrentLmOptions, RNN } from "@pellucid/rnn";
import { memory, slice, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const make = (layer: NonNullable<RecurrentLmOptions["layer"]>) =>
  new RecurrentLm({ rng: new Rng(0), vocabSize: 7, embeddingDim: 3, hiddenSize: 5, numLayers: 2, layer });

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

describe.each([
  ["LSTM", LSTM],
  ["GRU", GRU],
  ["RNN", RNN],
] as const)("%s", (_, layer) => {
  test("generates the tokens that the whole text predicts, with as many tensors after 200 tokens as after 2", async () => {
    const model = make(layer);
    const text = [3, 1, 4];
    let counted = 0;
    for await (const token of generate(model, text, { maxNewTokens: 200, temperature: 0 })) {
      if (text.length < 12) {
        const tokens: Tensor2D = tensor2d([...text], [1, text.length], "int32");
        const logits = slice(model.forward(tokens), [0, text.length - 1, 0], [1, 1, 7]).dataSync();
        expect(logits[token]).toBeCloseTo(Math.max(...logits), 5);
      }
      text.push(token);
      if (text.length === 14) counted = memory().numTensors;
      if (text.length > 14) expect(memory().numTensors).toBe(counted);
    }
    expect(text).toHaveLength(203);
  });

  test("has the names of PyTorch's word language model", async () => {
    const names = Object.keys(await torchStateOf(make(layer)));
    const inner = names.filter((name) => name.startsWith("rnn."));
    expect(inner).toEqual(
      [0, 1].flatMap((l) =>
        ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => `rnn.${name}_l${l}`),
      ),
    );
    expect(names.filter((name) => !name.startsWith("rnn."))).toEqual([
      "encoder.weight",
      "decoder.weight",
      "decoder.bias",
    ]);
  });
});

test("beam search with as many beams as there are texts finds the most likely of all", async () => {
  const model = make(LSTM);
  const [best] = await beamSearch(model, [3, 1], { beams: 49, maxNewTokens: 2 });
  const texts = Array.from({ length: 49 }, (_, i) => [Math.floor(i / 7), i % 7] as const);
  const likelihoods = texts.map(([first, second]) => {
    const read: Tensor2D = tensor2d([[3, 1, first]], [1, 3], "int32");
    const logs = logSoftmax(model.forward(read)).dataSync(); // [1, 3, 7]
    return (logs[7 + first] as number) + (logs[14 + second] as number);
  });
  expect(best?.logLikelihood).toBeCloseTo(Math.max(...likelihoods), 4);
  expect(best?.tokens).toEqual(texts[likelihoods.indexOf(Math.max(...likelihoods))]);
});

test("empty prompts and unknown tokens are refused; an aborted generation leaks no tensors", async () => {
  const model = make(LSTM);
  const before = memory().numTensors;
  const next = (prompt: number[], signal?: AbortSignal) =>
    generate(model, prompt, { rng: new Rng(0), ...(signal && { signal }) }).next();
  await expect(next([])).rejects.toThrow(
    new DataError("generate: the prompt has no tokens, expected at least one."),
  );
  await expect(next([7])).rejects.toThrow(
    new DataError("generate: the prompt has the token 7, expected integers from 0 to 6."),
  );
  await expect(next([1], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(before);
});
