import {
  classScore,
  epsilonAlphaBeta,
  epsilonEverywhere,
  epsilonPlus,
  lrp,
  lrpGamma,
  lrpZPlus,
} from "@pellucid/interpret";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { attributionPictures, perPixel } from "./attribution-pictures.ts";

export const rules = {
  epsilonEverywhere,
  gamma: lrpGamma(),
  zPlus: lrpZPlus(),
  epsilonPlus,
  epsilonAlphaBeta,
} as const;

export interface Options extends AboutPicture {
  readonly rules: keyof typeof rules;
  /** Whether the first layer has the rule zᴮ, for pixels from 0 to 1. */
  readonly input: "same rule" | "zᴮ";
  readonly opacity: number;
}

export const options: Options = {
  net: "digits",
  picture: 3,
  target: 3,
  rules: "epsilonPlus",
  input: "same rule",
  opacity: 0.9,
};

export const program = ({ rules: chosen, input, opacity, ...about }: Options) =>
  withPicture(about, async ({ net, image, x, name }) => {
    const box = input === "zᴮ" ? { box: [0, 1] as const } : {};
    const relevance = lrp(classScore<Tensor4D>(net, about.target), {
      model: net,
      rules: rules[chosen],
      ...box,
    });
    const map = await perPixel(relevance(x));
    const title = `Relevance for ${name}`;
    return { pictures: attributionPictures(image, map, { title, signed: true, opacity }), map };
  });
