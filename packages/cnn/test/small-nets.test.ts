// One step of training of small nets, and ten of Adam, against torchvision's classes, from the seed 0: names, loss, and the gradient of every parameter.
// Stochastic depth and dropout draw PyTorch's masks.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  ConvNeXt,
  DenseNet,
  type ImageClassifier,
  RegNet,
  ShuffleNetV2,
  SwinTransformer,
  type SwinTransformerOptions,
} from "@pellucid/cnn";
import {
  adam,
  type Module,
  Optimizer,
  type Parameter,
  Rng,
  torchStateOf,
  trainable,
  training,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import { fixture, sines } from "@pellucid/testing";
import { dispose, memory, square, sum, type Tensor, type Tensor4D, zerosLike } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly title: string;
  readonly entries: string[];
  /** Of ten steps of Adam. */
  readonly losses: { readonly f32: number[]; readonly f64: number[] };
  /** Of each parameter the sum of its gradient times sines. */
  readonly gradients: Readonly<Record<string, readonly [f32: number, f64: number]>>;
}
const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/small-nets.json");

const swin = (version: 1 | 2, options?: Partial<SwinTransformerOptions>) => (rng: Rng) =>
  new SwinTransformer(
    { embedDim: 8, depths: [2, 3], numHeads: [2, 4], windowSize: 3, version },
    { rng, numClasses: 3, patchSize: 2, mlpRatio: 2, stochasticDepthProb: 0.3, ...options },
  );

const nets: Readonly<Record<string, (rng: Rng) => Module & ImageClassifier>> = {
  swin: swin(1),
  "swin with dropout": swin(1, { dropout: 0.2, attentionDropout: 0.1 }),
  "swin v2": swin(2),
  convnext: (rng) =>
    new ConvNeXt(
      [
        [8, 2],
        [12, 2],
      ],
      { rng, numClasses: 3, layerScale: 0.5, stochasticDepthProb: 0.5 },
    ),
  shufflenet: (rng) => new ShuffleNetV2([2, 1, 1], [4, 8, 12, 16, 20], { rng, numClasses: 3 }),
  regnet: (rng) =>
    new RegNet(
      { depth: 4, initialWidth: 8, widthIncrement: 8, widthFactor: 2, groupWidth: 4, seRatio: 0.25 },
      { rng, numClasses: 3, stemWidth: 4 },
    ),
  densenet: (rng) =>
    new DenseNet([2, 3], { rng, numClasses: 3, growthRate: 4, numInitFeatures: 6, bnSize: 2, dropRate: 0.2 }),
};

const weighted = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value, i) => total + value * Math.fround(Math.sin(1.7 * i)), 0);

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.for(cases)("$title", { timeout: 120_000 }, async ({ title, entries, losses, gradients: wanted }) => {
    const before = memory().numTensors;
    const model = (nets[title] as (rng: Rng) => Module & ImageClassifier)(new Rng(0));
    expect(Object.keys(await torchStateOf(model))).toEqual(entries);
    const images = sines([2, 26, 22, 3]) as Tensor4D;
    const { value, gradients } = training(model, () =>
      valueAndGradients(trainable(model), () => sum(square(model.forward(images)))),
    );
    // The reference's own error in 32 bits, which batch norm over a few pixels amplifies.
    const [rough = NaN] = losses.f32;
    const [loss = NaN] = losses.f64;
    const relative = Math.max(1e-5, (8 * Math.abs(rough - loss)) / loss);
    expect(await value.data()).toBeAllclose([loss], { rtol: relative, atol: 0 });
    for (const [path, parameter] of model.namedParameters())
      parameter.assign((gradients[path] ?? zerosLike(parameter)) as Tensor as Parameter);
    const stored = await torchStateOf(model);
    const largest = Math.max(...Object.values(wanted).map(([, exact]) => Math.abs(exact)));
    const theirs = Math.max(...Object.values(wanted).map(([rough, exact]) => Math.abs(rough - exact)));
    const atol = Math.max(8 * theirs, 2e-5 * largest); // sums in other orders, divided by the small deviations that v2 normalizes
    for (const [name, [, exact]] of Object.entries(wanted))
      expect([weighted(stored[name]?.data ?? [])], name).toBeAllclose([exact], { rtol: 0, atol });
    dispose([value, images, ...Object.values(gradients)]);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

test.for(cases)("$title: ten steps of Adam", { timeout: 120_000 }, async ({ title, losses }) => {
  await useBackend({ only: "wasm" });
  const before = memory().numTensors;
  const model = (nets[title] as (rng: Rng) => Module & ImageClassifier)(new Rng(0));
  const images = sines([2, 26, 22, 3]) as Tensor4D;
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
  const found: number[] = [];
  for (let i = 0; i < 10; i++)
    found.push(await trainStep(model, optimizer, () => sum(square(model.forward(images)))));
  const theirs = Math.max(...losses.f64.map((exact, i) => Math.abs(1 - (losses.f32[i] ?? NaN) / exact)));
  expect(found).toBeAllclose(losses.f64, { rtol: Math.max(1e-5, 8 * theirs), atol: 0 });
  expect(losses.f64[9]).toBeLessThan(losses.f64[0] as number);
  optimizer.dispose();
  images.dispose();
  model.dispose();
  expect(memory().numTensors).toBe(before);
});
