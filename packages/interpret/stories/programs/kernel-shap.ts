import { Rng } from "@pellucid/core-train";
import {
  classScore,
  gridSegments,
  kernelShap,
  lime,
  type PerturbationOptions,
  type Score,
  shapley,
} from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

type Explain = (score: Score, options: PerturbationOptions<Tensor4D>) => (x: Tensor4D) => Promise<Tensor4D>;

export const methods = { kernelShap, lime, shapley } as const;

export interface Options extends AboutPicture {
  readonly method: keyof typeof methods;
  /** The image is divided into parts × parts segments. */
  readonly parts: number;
  readonly samples: number;
}

export const options: Options = {
  net: "digits",
  picture: 3,
  target: 3,
  method: "kernelShap",
  parts: 3,
  samples: 512,
};

export const program = ({ method, parts, samples, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, subject, image, x, name }) => {
    const [height, width] = subject.shape;
    const segments = gridSegments(height, width, parts);
    const score = classScore<Tensor4D>(net, about.target);
    const explain: Explain = methods[method];
    const values = explain(score, { ...run, rng: new Rng(0), segments, samples });
    const map = await perPixel(await values(x), "mean");
    const title = `Value of each segment for ${name}`;
    const pictures = attributionPictures(image, map, { title, signed: true, opacity: 0.8 });
    return { pictures, map, segments };
  });
