import {
  AdaptiveLogSoftmaxWithLoss,
  EmptyBatchError,
  LabelError,
  Module,
  OptionError,
  Rng,
  ShapeError,
} from "@pellucid/core-train";
import { checkLayerAgainstTorch, fixture, sines, type TorchLayerCase } from "@pellucid/testing";
import {
  backend,
  exp,
  mul,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
  type Tensor1D,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

type Case = TorchLayerCase & { readonly data: number[] };
const { cases } = fixture<{ cases: Case[] }>(
  import.meta.url,
  "../../fixtures/torch/adaptive-log-softmax.json",
);

/** One of the outputs, as the fixture has it. */
class Part extends Module {
  readonly #read: (inner: AdaptiveLogSoftmaxWithLoss, input: Tensor2D, target: Tensor1D) => Tensor;
  readonly inner: AdaptiveLogSoftmaxWithLoss;

  constructor(title: string, rng: Rng) {
    super();
    this.inner = title.includes("bias")
      ? new AdaptiveLogSoftmaxWithLoss(16, 11, [4, 7], { rng, headBias: true })
      : new AdaptiveLogSoftmaxWithLoss(8, 11, [4, 7], { rng, divValue: 2 });
    this.#read = (inner, input, target) => {
      if (title === "logProb") return inner.logProb(input);
      const { output, loss } = inner.forward({ input, target });
      return title === "loss" ? loss : output;
    };
  }

  forward([input, target]: readonly [Tensor2D, Tensor1D]): Tensor {
    return this.#read(this.inner, input, target);
  }
}

const compared = cases.filter(({ title }) => title !== "predict").map((c) => [c.title, c] as const);

test.each(compared)("%s agrees with PyTorch, from the same initial weights and names", (title, c) =>
  checkLayerAgainstTorch(
    c,
    (rng) => new Part(title, rng),
    (tensors) => tensors,
  ),
);

const rng = () => new Rng(0);
const layer = new AdaptiveLogSoftmaxWithLoss(8, 11, [4, 7], { rng: rng(), divValue: 2 });
const input = sines([12, 8], 0.7) as Tensor2D;
const target = tensor1d([0, 3, 4, 6, 7, 10, 1, 2, 5, 8, 9, 0], "int32");

test("predict is PyTorch's, also where the head chooses a cluster", () => {
  const wanted = cases.find(({ title }) => title === "predict")?.data ?? [];
  expect(wanted.some((label) => label >= 4) && wanted.some((label) => label < 4)).toBe(true);
  const model = new AdaptiveLogSoftmaxWithLoss(8, 11, [4, 7], { rng: rng(), divValue: 2 });
  const scale = tensor2d([[1, 1, 1, 1, 3, 3]]);
  model.head.weight.assign(mul(model.head.weight, scale));
  expect(Array.from(model.predict(input).dataSync())).toEqual(wanted);
});

test("the probabilities of all classes add up to 1", () => {
  expect(sum(exp(layer.logProb(input)), 1)).toBeAllclose(new Array<number>(12).fill(1), {
    rtol: 0,
    atol: 1e-6,
  });
});

test("what it gives for a label is that of all log-probabilities", () => {
  const { output } = layer.forward({ input, target });
  const all = layer.logProb(input).arraySync();
  const wanted = Array.from(target.dataSync(), (label, row) => all[row]?.[label] ?? Number.NaN);
  expect(output).toBeAllclose(wanted, { rtol: 1e-6, atol: 1e-6 });
});

test("gives the same where reading labels would wait for a GPU", () => {
  const expected = layer.forward({ input, target }).output.dataSync();
  const current = Object.assign(backend(), { isGPUPackage: true });
  try {
    expect(layer.forward({ input, target }).output).toBeAllclose(expected, { rtol: 1e-6, atol: 1e-6 });
  } finally {
    Reflect.deleteProperty(current, "isGPUPackage");
  }
});

test("leaks no tensors", () => {
  expect(() => layer.forward({ input, target })).toLeakNothing();
  expect(() => layer.logProb(input)).toLeakNothing();
  expect(() => layer.predict(input)).toLeakNothing();
});

test("rejects cutoffs that do not increase, other features, labels that are not a class, and an empty batch", () => {
  const make = (cutoffs: number[]) => () =>
    new AdaptiveLogSoftmaxWithLoss(8, 11, cutoffs, { rng: rng(), divValue: 2 });
  for (const cutoffs of [[], [0, 4], [4, 4], [7, 4], [4, 11]]) {
    expect(make(cutoffs)).toThrow(
      new OptionError(
        "AdaptiveLogSoftmaxWithLoss",
        "cutoffs",
        `[${cutoffs.join(", ")}]`,
        "increasing integers from 1 to 10",
      ),
    );
  }
  expect(() => new AdaptiveLogSoftmaxWithLoss(8, 11, [4, 7], { rng: rng() })).toThrow(
    new OptionError(
      "AdaptiveLogSoftmaxWithLoss",
      "divValue",
      4,
      "a number that leaves each of 2 clusters a feature of 8",
    ),
  );
  expect(() => layer.forward({ input: zeros([2, 7]), target: tensor1d([0, 1], "int32") })).toThrow(
    new ShapeError("AdaptiveLogSoftmaxWithLoss(8, 11): input is [2, 7], expected [batch, 8]."),
  );
  expect(() => layer.forward({ input: zeros([1, 8]), target: tensor1d([11], "int32") })).toThrow(LabelError);
  expect(() => layer.forward({ input: zeros([0, 8]), target: tensor1d([], "int32") })).toThrow(
    EmptyBatchError,
  );
});
