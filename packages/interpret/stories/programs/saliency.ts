import { classScore, inputXGradient, saliency } from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";

export const methods = { saliency, inputXGradient } as const;

export interface Options extends AboutPicture {
  readonly method: keyof typeof methods;
  readonly opacity: number;
}

export const options: Options = { net: "digits", picture: 3, target: 3, method: "saliency", opacity: 0.9 };

export const program = ({ method, opacity, ...about }: Options) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const attribution = methods[method](classScore<Tensor4D>(net, about.target))(x); // [1, height, width, color]
    const map = await perPixel(attribution);
    const title = `${method} for ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity }) };
  });
