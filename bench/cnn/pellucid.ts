import { type BackendName, useBackend } from "@pellucid/backends";
import { MnistCnn } from "@pellucid/cnn";
import {
  crossEntropy,
  Optimizer,
  type Parameter,
  permute,
  Rng,
  sgd,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { tensor, tensor1d, tensor4d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { batch, conv1, conv2, fc, images, labels, learningRate, momentum } from "./work.ts";

interface Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
}

export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const model = new MnistCnn({ rng: new Rng(0) });
  const layers: [Layer, typeof fc][] = [
    [model.conv1, conv1],
    [model.conv2, conv2],
    [model.fc, fc],
  ];
  tidy(() => {
    for (const [layer, { weight, bias }] of layers) {
      const { data, shape } = permute(weight, weight.shape.length === 4 ? [2, 3, 1, 0] : [1, 0]);
      layer.weight.assign(tensor(data, [...shape]));
      layer.bias?.assign(tensor1d(bias));
    }
  });
  const optimizer = new Optimizer(sgd({ learningRate, momentum }), trainable(model));
  const x = tensor4d(images, [batch, 28, 28, 1]);
  const y = tensor1d(labels, "int32");
  return () => trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
}
