import { classScore, deepLift } from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";

export interface Options extends AboutPicture {
  /** The gray of the baseline image, 0 black, 1 white. */
  readonly baseline: number;
  readonly opacity: number;
}

export const options: Options = { net: "digits", picture: 3, target: 3, baseline: 0, opacity: 0.9 };

export const program = ({ baseline, opacity, ...about }: Options) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const explain = deepLift(classScore<Tensor4D>(net, about.target), { baseline });
    const map = await perPixel(explain(x));
    const title = `Attribution to ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity }), map };
  });
