import { Rng } from "@pellucid/core-train";
import { activationsOf, linearProbe } from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import { dispose, mean, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly net: SubjectName;
  readonly steps: number;
}

export const options: Options = { net: "shapes", steps: 100 };

export async function program({ net, steps }: Options, { signal, onProgress }: Run = {}) {
  const of = await subject(net);
  const paths = Object.keys(of.layers);
  const { images, labels } = await firstUnseen(of, 200);
  const activations = activationsOf(of.model, () => of.model.forward(images));
  const maps = [images, ...paths.flatMap((path) => activations[path] ?? [])];
  const means = maps.map((map) => tidy((): Tensor => mean(map, [1, 2]))); // [200, channel]
  dispose([images, ...Object.values(activations)]);
  const [accuracy, control]: [number[], number[]] = [[], []];
  try {
    for (const [i, features] of means.entries()) {
      const fit = { rng: new Rng(0), steps, learningRate: 0.1, ...(signal && { signal }) };
      const probe = await linearProbe(features, labels, fit);
      accuracy.push(probe.accuracy);
      control.push(probe.controlAccuracy);
      onProgress?.(i + 1, means.length);
    }
  } finally {
    dispose(means);
  }
  const drawn = curves(
    { accuracy, "shuffled labels": control },
    {
      title: "Accuracy of a linear classifier on each layer's spatial means",
      xLabel: `0: input; ${paths.map((path, i) => `${i + 1}: ${path}`).join("; ")}`,
      yLabel: "accuracy",
    },
  );
  return { pictures: [drawn], accuracy, control };
}
