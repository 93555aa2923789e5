import { classScore, integratedGradients } from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly steps: number;
  readonly opacity: number;
}

export const options: Options = { net: "digits", picture: 3, target: 3, steps: 32, opacity: 0.9 };

export const program = ({ steps, opacity, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const explain = integratedGradients(classScore<Tensor4D>(net, about.target), { ...run, steps });
    const map = await perPixel(await explain(x));
    const title = `Attribution to ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity }), map };
  });
