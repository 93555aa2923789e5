// Which token matters: by hand for a linear model, and as parts of a whole for a trained-like recurrent one.
import { useBackend } from "@pellucid/backends";
import { Embedding, Linear, OptionError, Rng } from "@pellucid/core-train";
import {
  inputXGradient,
  integratedGradients,
  saliency,
  type Score,
  tokenAttribution,
  tokenScore,
} from "@pellucid/interpret";
import { RecurrentLm } from "@pellucid/rnn";
import {
  clone,
  memory,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tensor3d,
  type Tensor3D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const ids = (...rows: number[][]): Tensor2D => tensor2d(rows, [rows.length, rows[0]?.length ?? 0], "int32");

test("of a sum over tokens each has its own part, whatever the method", async () => {
  const embedding = new Embedding(3, 2, { rng: new Rng(0) });
  embedding.weight.assign(
    tensor2d([
      [1, 2],
      [-1, 0.5],
      [3, -4],
    ]),
  );
  const weights = tensor3d([
    [
      [1, 10],
      [2, 20],
      [3, 30],
    ],
  ]); // one for each position and feature
  const score: Score<Tensor2D> = (tokens) => sum(mul(embedding.forward(tokens), weights), [1, 2]) as Tensor1D;
  const parts = [1 * 1 + 2 * 10, 3 * 2 - 4 * 20, -1 * 3 + 0.5 * 30]; // of the tokens 0, 2 and 1
  const tokens = ids([0, 2, 1]);
  const methods = [
    inputXGradient<Tensor3D>,
    (s: Score<Tensor3D>) => integratedGradients(s, { steps: 3, batchSize: 2 }),
  ];
  for (const method of methods)
    expect(await tokenAttribution(score, embedding, method)(tokens)).toBeAllclose(parts, {
      rtol: 1e-6,
      atol: 0,
    });
  const gradients = await tokenAttribution(score, embedding, saliency)(tokens);
  expect(gradients).toBeAllclose([11, 22, 33], { rtol: 1e-6, atol: 0 });
});

test("what came before adds up to the logit of what comes next, less that of an empty text", async () => {
  const model = new RecurrentLm({
    rng: new Rng(0),
    vocabSize: 5,
    embeddingDim: 4,
    hiddenSize: 8,
  });
  const score = tokenScore(model, 2);
  const tokens = ids([0, 1, 4, 3], [3, 3, 2, 0]);
  const nothing: Score<Tensor3D> = (x) => {
    const logits = model.decoder.forward(model.rnn.forward(x));
    return reshape(slice(logits, [0, 3, 2], [2, 1, 1]), [2]);
  };
  const features = model.encoder.forward(tokens) as Tensor3D;
  const map = await tokenAttribution(score, model.encoder, (s) => integratedGradients(s, { steps: 20 }))(
    tokens,
  );
  expect(map.shape).toEqual([2, 4]);
  const gained = sub(score(tokens), nothing(zerosLike(features)));
  expect(sum(map, 1)).toBeAllclose(gained, { rtol: 0, atol: 1e-5 });
  expect(nothing(features)).toBeAllclose(score(tokens), { rtol: 0, atol: 1e-6 });
});

test("no tensors leak, and the embedding is restored when the score fails", async () => {
  const model = new RecurrentLm({ rng: new Rng(0), vocabSize: 5, embeddingDim: 4, hiddenSize: 8 });
  const tokens = ids([0, 1, 4]);
  const explain = tokenAttribution(tokenScore(model, 1), model.encoder, inputXGradient);
  const before = memory().numTensors;
  (await explain(tokens)).dispose();
  const broken = tokenAttribution(tokenScore(model, 9), model.encoder, inputXGradient);
  await expect(broken(tokens)).rejects.toThrow(OptionError);
  expect(Object.hasOwn(model.encoder, "forward")).toBe(false);
  expect(memory().numTensors).toBe(before);
  await expect(
    tokenAttribution(tokenScore(model, 1, { position: 3 }), model.encoder, inputXGradient)(tokens),
  ).rejects.toThrow(/position/);
  const flat = new Linear(3, 2, { rng: new Rng(0) });
  await expect(
    tokenAttribution(tokenScore(model, 1), { forward: () => clone(flat.weight) }, inputXGradient)(tokens),
  ).rejects.toThrow("tokenAttribution: the embedding's output is [3, 2], expected [1, 3, feature].");
});
