import { type BackendName, useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  Linear,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { batch, images, labels, layers, learningRate } from "./work.ts";

export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const rng = new Rng(0);
  const linears = layers.map(({ inputs, outputs }) => new Linear(inputs, outputs, { rng }));
  tidy(() => {
    for (const [i, { inputs, outputs, weight, bias }] of layers.entries()) {
      linears[i]?.weight.assign(tensor2d(weight, [inputs, outputs]));
      linears[i]?.bias?.assign(tensor1d(bias));
    }
  });
  const [first, second, third] = linears as [Linear, Linear, Linear];
  const model = new Sequential(first, new ReLU(), second, new ReLU(), third);
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  const x = tensor2d(images, [batch, 784]);
  const y = tensor1d(labels, "int32");
  return () => trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
}
