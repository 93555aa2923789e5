import type { Layer } from "@pellucid/core-train";
import {
  ablationCam,
  classScore,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  type Score,
  scoreCam,
  xGradCam,
} from "@pellucid/interpret";
import { exampleOf, readValues } from "@pellucid/interpret/draw";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { layerAt } from "../nets/subject.ts";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures } from "./attribution-pictures.ts";

type Cam = (score: Score, layer: Layer<never, Tensor4D>) => (x: Tensor4D) => Tensor | Promise<Tensor>;

export const methods = {
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  xGradCam,
  scoreCam,
  ablationCam,
  eigenCam,
} as const;

export interface Options extends AboutPicture {
  readonly method: keyof typeof methods;
  readonly layer: "first" | "last";
  readonly upsampling: "nearest" | "smooth";
  readonly opacity: number;
}

export const options: Options = {
  net: "shapes",
  picture: 3,
  target: 3,
  method: "gradCam",
  layer: "last",
  upsampling: "nearest",
  opacity: 0.75,
};

export const program = ({ method, layer, upsampling, opacity, ...about }: Options) =>
  withPicture(about, async ({ net, subject, image, x, name }) => {
    const [path, at] = layerAt(subject, layer);
    const score = classScore<Tensor4D>(net, about.target);
    const cam: Cam = methods[method];
    const map = await cam(score, at)(x);
    const values = exampleOf(await readValues(map));
    map.dispose();
    const title = `${method} of ${path} for ${name}`;
    return { pictures: attributionPictures(image, values, { title, upsampling, opacity }), map: values };
  });
