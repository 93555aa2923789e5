import { classScore, occlusion } from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly window: number;
  readonly stride: number;
  readonly baseline: number;
}

export const options: Options = { net: "digits", picture: 3, target: 3, window: 2, stride: 1, baseline: 0 };

export const program = ({ window, stride, baseline, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const step = Math.min(stride, window);
    const hide = { window: [window, window], stride: [step, step], baseline } as const;
    const explain = occlusion(classScore<Tensor4D>(net, about.target), { ...run, ...hide });
    const map = await perPixel(await explain(x), "mean");
    const title = `Drop of the score for ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity: 0.9 }), map };
  });
