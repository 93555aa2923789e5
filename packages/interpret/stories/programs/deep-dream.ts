import { capture, Rng } from "@pellucid/core-train";
import { deepDream, type Score } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { mean, square, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly layer: "first" | "middle" | "last";
  readonly octaves: number;
  readonly steps: number;
  readonly stepSize: number;
}

export const options: Options = {
  net: "shapes",
  picture: 3,
  target: 3,
  layer: "middle",
  octaves: 2,
  steps: 10,
  stepSize: 0.03,
};

export const program = ({ layer, octaves, steps, stepSize, ...about }: Options, run: Run = {}) =>
  withPicture(about, async ({ net, subject, image, x, name }) => {
    const layers = Object.entries(subject.layers);
    const index = { first: 0, middle: Math.floor((layers.length - 1) / 2), last: layers.length - 1 }[layer];
    const [path, at] = layers[index] ?? [];
    if (path === undefined || at === undefined) throw new RangeError("deepDream: the net has no layers.");
    const magnitude: Score = (y) =>
      tidy(() => mean<Tensor1D>(square(capture(at, () => net.forward(y))), [1, 2, 3]));
    const dream = deepDream(magnitude, { ...run, rng: new Rng(0), octaves, steps, stepSize, jitter: 2 });
    const dreamed = await dream(x);
    const magnitudes = tidy(() => [magnitude(x), magnitude(dreamed)]);
    const [before = NaN, after = NaN] = await Promise.all(magnitudes.map(async (y) => (await y.data())[0]));
    const drawn = exampleOf(await readValues(dreamed));
    for (const tensor of [dreamed, ...magnitudes]) tensor.dispose();
    return {
      pictures: [
        picture(image, { title: `A ${name}`, width: 256 }),
        picture(drawn, { title: `Amplified at ${path}`, width: 256 }),
      ],
      path,
      before,
      after,
    };
  });
