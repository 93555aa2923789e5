import { Rng } from "@pellucid/core-train";
import { classScore, saliency, smoothGrad } from "@pellucid/interpret";
import { heatmap, picture } from "@pellucid/interpret/draw";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly samples: number;
  /** Standard deviation, as a share of the image's range. */
  readonly noise: number;
}

export const options: Options = { net: "shapes", picture: 3, target: 3, samples: 25, noise: 0.15 };

export const program = ({ samples, noise, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const score = classScore<Tensor4D>(net, about.target);
    const gradient = await perPixel(saliency(score)(x));
    const smoothed = smoothGrad(score, { ...run, rng: new Rng(0), samples, noise });
    const mean = await perPixel(await smoothed(x));
    return {
      pictures: [
        picture(image, { title: "Input", width: 224 }),
        heatmap(gradient, { title: `Gradient for ${name}`, signed: true, width: 224 }),
        heatmap(mean, { title: `Mean over ${samples} noisy copies`, signed: true, width: 224 }),
      ],
      gradient,
      mean,
    };
  });
