import { DigitsCnn } from "@pellucid/cnn";
import {
  adam,
  batches,
  crossEntropy,
  fit,
  Flatten,
  type Layer,
  Linear,
  type Module,
  ReLU,
  Rng,
  Sequential,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { fgsm, marginScore, pgd, transferability } from "@pellucid/interpret";
import { matrix } from "@pellucid/interpret/draw";
import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { subject } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export const attacks = { fgsm, pgd } as const;

export interface Options {
  readonly attack: keyof typeof attacks;
  readonly epsilon: number;
  readonly epochs: number;
}

export const options: Options = { attack: "pgd", epsilon: 0.16, epochs: 6 };

export async function program({ attack, epsilon, epochs }: Options, { signal, onProgress }: Run = {}) {
  const cancel = signal === undefined ? {} : { signal };
  const of = await subject("digits");
  const another = new DigitsCnn({ rng: new Rng(1) });
  const rng = new Rng(2);
  const mlp = new Sequential(
    new Flatten(),
    new Linear(64, 64, { rng }),
    new ReLU(),
    new Linear(64, 10, { rng }),
  );
  const { train } = await digits();
  const { images, labels } = await firstUnseen(of, 60);
  try {
    for (const [i, model] of [another, mlp].entries()) {
      const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng: new Rng(i) });
      const optimizer = adam({ learningRate: 3e-3 });
      for await (const event of fit(model, data, { ...cancel, loss: crossEntropy, optimizer, epochs }))
        if (event.kind === "epoch") onProgress?.(i * epochs + event.epoch, 2 * epochs + 1);
    }
    const models = [of.model, another, mlp as Module & Layer<Tensor4D, Tensor2D>];
    const attackOn = (model: Layer<Tensor4D, Tensor>) =>
      attacks[attack](marginScore<Tensor4D>(model, labels), { epsilon, range: [0, 1] });
    const { fooled, accuracy } = await transferability<Tensor4D>(models, attackOn, images, labels, cancel);
    const names = ["this CNN", "another CNN", "an MLP"];
    const drawn = matrix(
      { data: fooled.flat(), shape: [3, 3] },
      {
        title: "Share of the row's adversarial examples that fool the column's model",
        rowNames: names,
        columnNames: names,
        rowLabel: "made for",
        columnLabel: "fools",
        signed: false,
        limit: 1,
      },
    );
    return { pictures: [drawn], fooled, accuracy };
  } finally {
    images.dispose();
    for (const model of [another, mlp]) model.dispose();
  }
}
