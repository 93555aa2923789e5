import { Rng } from "@pellucid/core-train";
import { classScore, optimizeImage, totalVariation } from "@pellucid/interpret";
import { curves, exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { add, mul, neg, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import type { Run, Show } from "./run.ts";

export interface Options extends AboutPicture {
  readonly steps: number;
  /** The weight of the total variation. */
  readonly roughness: number;
  readonly jitter: number;
  readonly basis: "pixels" | "waves";
  readonly seed: number;
}

export const options: Options = {
  net: "mnist",
  picture: 3,
  target: 3,
  steps: 100,
  roughness: 0.02,
  jitter: 1,
  basis: "pixels",
  seed: 0,
};

export const program = (
  { steps, roughness, jitter, basis, seed, ...about }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) =>
  withPicture(about, async ({ net, subject: { shape }, image, name }) => {
    const score = classScore<Tensor4D>(net, about.target);
    const objective: number[] = [];
    const optimized = await optimizeImage(
      (x: Tensor4D) => tidy(() => add<Tensor1D>(neg(score(x)), mul(totalVariation(x), roughness))),
      {
        rng: new Rng(seed),
        start: [1, ...shape],
        steps,
        basis,
        jitter,
        bounded: true,
        ...(signal && { signal }),
        onStep: (step, loss, at) => {
          objective.push(-loss);
          onProgress?.(step + 1, steps);
          if (step % 20 === 0)
            show?.(picture({ data: at.dataSync(), shape }, { title: `Step ${step}`, width: 224 }));
        },
      },
    );
    const reached = score(optimized);
    const [scored = NaN] = await reached.data();
    const values = exampleOf(await readValues(optimized));
    for (const tensor of [reached, optimized]) tensor.dispose();
    return {
      pictures: [
        picture(values, { title: `The optimal ${name}`, width: 224 }),
        picture(image, { title: `A real ${name}`, width: 224 }),
        curves({ score: objective }, { title: "The score rises", yLabel: "score − roughness" }),
      ],
      scored,
    };
  });
