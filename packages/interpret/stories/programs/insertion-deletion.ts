import { Rng } from "@pellucid/core-train";
import {
  classScore,
  inputXGradient,
  insertionDeletion,
  integratedGradients,
  saliency,
  type Score,
  shapley,
} from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import { type Tensor, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import type { Run } from "./run.ts";

type Tool = (score: Score) => (x: Tensor4D) => Tensor | Promise<Tensor>;

export const methods = {
  integratedGradients: (score) => integratedGradients(score, { steps: 16 }),
  inputXGradient,
  saliency,
  shapley: (score) => shapley(score, { rng: new Rng(0), samples: 1024 }),
  random: () => (x) => tensor4d(new Rng(0).rand(x.shape).data, x.shape),
} as const satisfies Readonly<Record<string, Tool>>;

export interface Options extends AboutPicture {
  readonly method: keyof typeof methods;
  readonly against: keyof typeof methods;
  /** How many pixels change at a time. */
  readonly step: number;
}

export const options: Options = {
  net: "digits",
  picture: 3,
  target: 3,
  method: "integratedGradients",
  against: "random",
  step: 1,
};

export const program = ({ method, against, step, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, x }) => {
    const score = classScore<Tensor4D>(net, about.target);
    const evaluate = async (tool: Tool) => {
      const map = await tool(score)(x);
      try {
        return await insertionDeletion(score, { map, x }, { ...run, step });
      } finally {
        map.dispose();
      }
    };
    const [ours, theirs] = [await evaluate(methods[method]), await evaluate(methods[against])];
    const draw = (kind: "deletion" | "insertion", title: string) => {
      const [own = new Float32Array(), other = new Float32Array()] = [ours, theirs].map(
        (each) => each[kind].scores[0],
      );
      const shares = Array.from(own, (_, i) => i / (own.length - 1));
      const axes = { x: shares, xLabel: "share of pixels", yLabel: "score" };
      return curves({ [method]: own, [against]: other }, { ...axes, title });
    };
    return {
      pictures: [
        draw("deletion", "Deletion: lower is better"),
        draw("insertion", "Insertion: higher is better"),
      ],
      ours,
      theirs,
    };
  });
