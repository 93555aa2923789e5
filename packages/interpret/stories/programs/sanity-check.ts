import { Rng } from "@pellucid/core-train";
import {
  type Attribution,
  classScore,
  deconvnet,
  guidedBackprop,
  integratedGradients,
  saliency,
  sanityCheck,
  type Score,
} from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

type Tool = (score: Score) => Attribution<Tensor4D>;

export const methods = {
  guidedBackprop,
  deconvnet,
  saliency,
  integratedGradients: (score) => integratedGradients(score, { steps: 16 }),
} as const satisfies Readonly<Record<string, Tool>>;

export interface Options extends AboutPicture {
  readonly method: keyof typeof methods;
  /** The rank correlation from which on a map is said not to depend on the weights. */
  readonly threshold: number;
  readonly opacity: number;
}

export const options: Options = {
  net: "shapes",
  picture: 3,
  target: 3,
  method: "guidedBackprop",
  threshold: 0.5,
  opacity: 0.9,
};

export const program = ({ method, threshold, opacity, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const tool: Tool = methods[method];
    const explain = tool(classScore<Tensor4D>(net, about.target));
    const map = await perPixel(await explain(x));
    const checked = await sanityCheck(net, explain, x, { ...run, rng: new Rng(0), threshold });
    const correlation = [1, ...checked.stages.map((stage) => stage.correlation)];
    const lines = { correlation, threshold: correlation.map(() => threshold) };
    const title = `${method} for ${name}`;
    return {
      pictures: [
        ...attributionPictures(image, map, { title, signed: true, opacity }).slice(0, 2),
        curves(lines, {
          title: "Similarity to the original map",
          xLabel: "layers with random weights",
          yLabel: "rank correlation",
        }),
      ],
      likeness: checked.likeness,
      passed: checked.passed,
    };
  });
