import { Rng } from "@pellucid/core-train";
import { classScore, rise } from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly masks: number;
  readonly cells: number;
  readonly keep: number;
}

export const options: Options = { net: "digits", picture: 3, target: 3, masks: 500, cells: 4, keep: 0.5 };

export const program = ({ masks, cells, keep, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const score = classScore<Tensor4D>(net, about.target);
    const explain = rise(score, { ...run, rng: new Rng(0), masks, cells, keep });
    const map = await perPixel(await explain(x));
    const title = `RISE for ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity: 0.9 }), map };
  });
