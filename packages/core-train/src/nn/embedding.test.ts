import {
  Embedding,
  EmbeddingBag,
  gradient,
  IndexError,
  Rng,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { memory, mul, norm, sum, type Tensor, tensor, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { embedding } from "../op/embedding.ts";

const words = tensor2d([0, 2, 2, 1], [2, 2], "int32");

test("rows that are looked up twice add up their gradients, padding gets none", () => {
  const weight = sines([3, 2]) as Tensor2D;
  const gradientOf = gradient((w: Tensor2D) => sum(embedding(words, w, { paddingIdx: 1 })));
  expect(gradientOf(weight)).toBeAllclose([1, 1, 0, 0, 2, 2]);
  expect(embedding(words, weight)).toHaveShape([2, 2, 2]);
});

test("its gradient has a gradient", () => {
  const weight = sines([3, 2]) as Tensor2D;
  const cubes = (w: Tensor2D) => {
    const found = embedding(words, w, { paddingIdx: 1 });
    return sum(mul(mul(found, found), found));
  };
  checkGradient(gradient(cubes), weight);
});

test("the row of padding starts as zeros", () => {
  const { weight, paddingIdx } = new Embedding(3, 2, { rng: new Rng(0), paddingIdx: -1 });
  expect([...weight.dataSync()].slice(4)).toEqual([0, 0]);
  expect(paddingIdx).toBe(2);
});

test("maxNorm cuts what is looked up for good: in training, when the step ends well", () => {
  const layer = new Embedding(4, 8, { rng: new Rng(0), maxNorm: 1 });
  const lengths = () => [...norm(layer.weight, 2, 1).dataSync()].map((length) => length < 1.0001);
  expect(lengths()).toEqual([false, false, false, false]);
  const failing = () =>
    training(layer, () => {
      layer.forward(words).dispose();
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(failing).toLeakNothing();
  expect(lengths()).toEqual([false, false, false, false]);
  const { gradients } = training(layer, () =>
    valueAndGradients(trainable(layer), () => sum(layer.forward(words))),
  );
  expect(lengths()).toEqual([true, true, true, false]);
  expect(sum(gradients["weight"] as Tensor, 1)).toBeAllclose([8, 8, 16, 0]);
  layer.forward(tensor([3], [1], "int32"));
  expect(lengths()).toEqual([true, true, true, true]);
  const before = memory().numTensors;
  training(layer, () => layer.forward(words).dispose());
  layer.forward(words).dispose();
  expect(memory().numTensors).toBe(before);
});

test("a bag of nothing but padding is zeros", () => {
  const empty = tensor2d([1, 1], [1, 2], "int32");
  for (const mode of ["mean", "sum", "max"] as const) {
    const bag = new EmbeddingBag(3, 2, { rng: new Rng(0), mode, paddingIdx: 1 });
    expect(bag.forward(empty)).toBeAllclose([0, 0]);
  }
});

test("an index of a missing row, or one that is not an integer, is rejected", () => {
  const layer = new Embedding(3, 2, { rng: new Rng(0) });
  expect(() => layer.forward(tensor([0, 3], [2], "int32"))).toThrow(
    new IndexError("Embedding(3, 2): an index is 3, expected 0 to 2."),
  );
  expect(() => layer.forward(tensor([-1], [1], "int32"))).toThrow("an index is -1");
  expect(() => layer.forward(tensor([1]))).toThrow(
    new IndexError('Embedding(3, 2): indices is float32, expected int32. Make them with tensor(…, "int32").'),
  );
  expect(() => new Embedding(3, 2, { rng: new Rng(0), paddingIdx: 3 })).toThrow(
    new IndexError("Embedding: paddingIdx is 3, expected -3 to 2."),
  );
});
