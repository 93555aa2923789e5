import { crossEntropy, Rng } from "@pellucid/core-train";
import { lossSurface } from "@pellucid/interpret";
import { curves, heatmap } from "@pellucid/interpret/draw";
import { dispose, tensor1d } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly net: SubjectName;
  /** How far it goes in both directions: at 1 each filter has moved by its own length. */
  readonly reach: number;
  /** Along each direction, an odd number. */
  readonly points: number;
  readonly seed: number;
}

export const options: Options = { net: "digits", reach: 1, points: 15, seed: 0 };

export const count = 100;

export async function program({ net, reach, points, seed }: Options, run: Run = {}) {
  const of = await subject(net);
  const { images, labels } = await firstUnseen(of, count);
  const y = tensor1d(labels, "int32");
  try {
    const loss = () => crossEntropy(of.model.forward(images), y);
    const { losses, at } = await lossSurface(of.model, loss, { ...run, rng: new Rng(seed), reach, points });
    const middle = (points - 1) / 2;
    const lines = {
      "first direction": losses.data.filter((_, i) => i % points === middle),
      "second direction": losses.data.filter((_, i) => Math.floor(i / points) === middle),
    };
    const axes = { x: at, xLabel: "share of a filter's length", yLabel: "loss" };
    const pictures = [
      heatmap(losses, { title: "The loss around the weights", signed: false }),
      curves(lines, { title: "Through the center", ...axes }),
    ];
    return { pictures, losses: Array.from(losses.data) };
  } finally {
    dispose([images, y]);
  }
}
