// A language model under PyTorch's names, that goes on from what it remembers.
import { useBackend } from "@pellucid/backends";
import { DataError, generate, Rng, torchStateOf } from "@pellucid/core-train";
import { RecurrentLm, type RecurrentLmOptions } from "@pellucid/rnn";
import { memory, slice, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const make = (kind: NonNullable<RecurrentLmOptions["kind"]>) =>
  new RecurrentLm({ rng: new Rng(0), vocabSize: 7, embeddingDim: 3, hiddenSize: 5, numLayers: 2, kind });

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

describe.each(["lstm", "gru", "rnn"] as const)("%s", (kind) => {
  test("it goes on with a text as it would reading it anew, and remembers no more after 200 tokens than after 2", async () => {
    const model = make(kind);
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

  test("its names are those of PyTorch's word language model", async () => {
    const names = Object.keys(await torchStateOf(make(kind)));
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

test("texts that are none, and unknown tokens, are refused; an aborted text leaves nothing", async () => {
  const model = make("lstm");
  const before = memory().numTensors;
  const next = (prompt: number[], signal?: AbortSignal) =>
    generate(model, prompt, { rng: new Rng(0), ...(signal && { signal }) }).next();
  await expect(next([])).rejects.toThrow(
    new DataError("generate: the prompt has no token, expected one at least."),
  );
  await expect(next([7])).rejects.toThrow(
    new DataError("generate: the prompt has the token 7, expected whole numbers from 0 to 6."),
  );
  await expect(next([1], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(before);
});
