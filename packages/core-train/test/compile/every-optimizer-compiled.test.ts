import { useBackend } from "@pellucid/backends";
import {
  accumulate,
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamax,
  adamw,
  asgd,
  chain,
  clipGradNorm,
  clipGradValue,
  cosineAnnealingLr,
  crossEntropy,
  Linear,
  lion,
  muon,
  nadam,
  oneCycleLr,
  oneCycleMomentum,
  Optimizer,
  partition,
  radam,
  ReLU,
  rmsprop,
  Rng,
  rprop,
  Sequential,
  sgd,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import { type Tensor1D, tensor1d, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { trainTwins } from "./twins.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const totalSteps = 30;
const momentum = oneCycleMomentum({ totalSteps });
const falling = (step: number) => 0.5 / (1 + step);
const isWeight = (path: string) => path.endsWith("weight");

/** Every optimizer, and each way in which one depends on the step. */
const rows: Readonly<Record<string, () => Transform<unknown>>> = {
  sgd: () => sgd({ learningRate: 0.1 }),
  "sgd, momentum and dampening": () => sgd({ learningRate: 0.1, momentum: 0.9, dampening: 0.5 }),
  "sgd, nesterov, weight decay": () =>
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  "sgd, a schedule": () => sgd({ learningRate: falling, momentum: 0.9 }),
  "sgd, one cycle": () => sgd({ learningRate: oneCycleLr(0.1, { totalSteps }), momentum }),
  adam: () => adam({ learningRate: 0.01 }),
  "adam, amsgrad, weight decay": () => adam({ learningRate: 0.01, amsgrad: true, weightDecay: 0.1 }),
  "adam, one cycle": () => adam({ learningRate: oneCycleLr(0.1, { totalSteps }), betas: [momentum, 0.999] }),
  "adamw, a cosine": () =>
    adamw({ learningRate: cosineAnnealingLr(0.01, { tMax: totalSteps }), weightDecay: 0.1 }),
  adadelta: () => adadelta(),
  adafactor: () => adafactor(),
  adagrad: () => adagrad({ learningRate: 0.1, lrDecay: 0.1 }),
  adamax: () => adamax({ learningRate: falling }),
  asgd: () => asgd({ learningRate: 0.1, t0: 5 }),
  lion: () => lion({ learningRate: falling }),
  nadam: () => nadam(),
  radam: () => radam({ learningRate: 0.01 }),
  rmsprop: () => rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true }),
  rprop: () => rprop(),
  "muon for matrices": () =>
    partition([
      { match: isWeight, transform: muon({ learningRate: falling }) },
      { match: (path) => !isWeight(path), transform: adamw() },
    ]),
  "clipped by norm": () => chain(clipGradNorm(0.1), adam()),
  "clipped by value": () => chain(clipGradValue(0.01), sgd({ learningRate: 0.1 })),
  "three batches as one": () => accumulate(3, adam({ learningRate: 0.01 })),
};

function learner(transform: () => Transform<unknown>) {
  const rng = new Rng(0);
  const model = new Sequential(new Linear(5, 8, { rng }), new ReLU(), new Linear(8, 3, { rng }));
  const optimizer = new Optimizer(transform(), trainable(model));
  const step = (x: Tensor2D, y: Tensor1D) =>
    trainStep(model, optimizer, () => crossEntropy(model.forward(x) as Tensor2D, y));
  return { model, optimizers: [optimizer], rng, step };
}

function batch(step: number): [Tensor2D, Tensor1D] {
  const rng = new Rng(step);
  return [tensor2d(rng.randn([4, 5]).data, [4, 5]), tensor1d(rng.randint(0, 3, [4]).data, "int32")];
}

test.each(Object.keys(rows))("%s: compiled steps are the same to the bit", async (name) => {
  const transform = rows[name] as () => Transform<unknown>;
  const { eager, compiled, report } = await trainTwins(() => learner(transform), batch, totalSteps);
  expect(compiled).toEqual(eager);
  expect(report.replayed, JSON.stringify(report.reasons)).toBeGreaterThan(totalSteps / 2);
});
