import { classScore, guidedGradCam } from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { layerAt } from "../nets/subject.ts";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";

export interface Options extends AboutPicture {
  readonly layer: "first" | "last";
  readonly opacity: number;
}

export const options: Options = { net: "shapes", picture: 3, target: 3, layer: "last", opacity: 0.9 };

export const program = ({ layer, opacity, ...about }: Options) =>
  withPicture(about, async ({ net, subject, image, x, name }) => {
    const [, at] = layerAt(subject, layer);
    const map = await perPixel(guidedGradCam(classScore<Tensor4D>(net, about.target), at)(x));
    const title = `Edges for ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity }), map };
  });
