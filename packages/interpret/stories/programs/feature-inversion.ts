import { capture, Rng } from "@pellucid/core-train";
import { featureDistance, optimizeImage, totalVariation } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { add, mul, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import type { Run, Show } from "./run.ts";

export interface Options extends AboutPicture {
  readonly steps: number;
  /** The weight of the total variation. */
  readonly roughness: number;
}

export const options: Options = { net: "shapes", picture: 3, target: 3, steps: 120, roughness: 0.0001 };

export const program = (
  { steps, roughness, ...about }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) =>
  withPicture(about, async ({ net, subject, image, x, name }) => {
    const pictures = [picture(image, { title: `A ${name}`, width: 160 })];
    const reconstructed = new Map<string, ArrayLike<number>>();
    const layers = Object.entries(subject.layers);
    for (const [i, [path, layer]] of layers.entries()) {
      const run = (at: Tensor4D) => net.forward(at);
      const features = tidy(() => capture(layer, () => run(x)));
      try {
        const distance = featureDistance(run, layer, features);
        const found = await optimizeImage(
          (at: Tensor4D) => tidy(() => add<Tensor1D>(distance(at), mul(totalVariation(at), roughness))),
          {
            rng: new Rng(0),
            start: [1, ...subject.shape],
            steps,
            bounded: true,
            learningRate: 0.1,
            ...(signal && { signal }),
            onStep: (step) => onProgress?.(i * steps + step + 1, layers.length * steps),
          },
        );
        const values = exampleOf(await readValues(found));
        found.dispose();
        reconstructed.set(path, values.data);
        pictures.push(picture(values, { title: `Reconstructed from ${path}`, width: 160 }));
        show?.(...pictures);
      } finally {
        features.dispose();
      }
    }
    return { pictures, reconstructed };
  });
