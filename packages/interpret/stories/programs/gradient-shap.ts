import { Rng } from "@pellucid/core-train";
import { classScore, gradientShap } from "@pellucid/interpret";
import { mean, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly samples: number;
  readonly opacity: number;
}

export const options: Options = { net: "digits", picture: 3, target: 3, samples: 200, opacity: 0.9 };

export const program = ({ samples, opacity, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, subject, image, x, name }) => {
    const score = classScore<Tensor4D>(net, about.target);
    const { images: baselines } = await firstUnseen(subject, 20);
    try {
      const explain = gradientShap(score, { ...run, rng: new Rng(0), baselines, samples });
      const map = await perPixel(await explain(x));
      const usual = tidy(() => mean(score(baselines)));
      const [expected = NaN] = await usual.data();
      usual.dispose();
      const title = `Attribution to ${name}`;
      return { pictures: attributionPictures(image, map, { title, signed: true, opacity }), map, expected };
    } finally {
      baselines.dispose();
    }
  });
