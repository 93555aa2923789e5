import { Rng } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { type Score, saliency } from "@pellucid/interpret";
import { imageGrid, pictures as drawPictures } from "@pellucid/interpret/draw";
import { add, concat, mul, tensor2d, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { generativeNet } from "../nets/generative-nets.ts";

export interface Options {
  /** How many real and how many generated digits. */
  readonly count: number;
  readonly seed: number;
}

export const options: Options = { count: 8, seed: 0 };

export async function program({ count, seed }: Options) {
  const { test } = await digits();
  const gan = await generativeNet("digits-gan");
  const { generator, discriminator } = gan;
  const rng = new Rng(seed);
  const noise = rng.randn([count, 16]).data;
  const random = rng.uniform([count, 8, 8, 1], -1, 1).data;
  const real = Float32Array.from(test.images.data.subarray(0, 64 * count), (v) => v / 8 - 1);
  const both = tidy(() =>
    concat([
      tensor4d(real, [count, 8, 8, 1]),
      generator.forward(tensor2d(noise, [count, 16])),
      tensor4d(random, [count, 8, 8, 1]),
    ]),
  ) as Tensor4D; //                                                             [3 · count, 8, 8, 1]
  const score: Score = (images) => discriminator.forward(images); //            the logit of being real
  const logits = await take(score(both));
  const maps = await take(saliency(score)(both)); //                            [3 · count, 8, 8, 1]
  const shown = await take(tidy(() => mul(add(both, 1), 0.5)));
  const values = Float32Array.from(await both.data());
  both.dispose();
  gan.dispose();
  const labels = Array.from(
    logits,
    (logit, i) => `${["real", "made", "noise"][Math.floor(i / count)]}, ${Math.round(10 * logit) / 10 || 0}`,
  );
  const shape = [3 * count, 8, 8];
  const grid = { columns: count, signed: true, width: 56 * count };
  return {
    pictures: [
      drawPictures(
        { data: shown, shape: [...shape, 1] },
        {
          title: "Real digits, generated ones, and noise, with the discriminator's logits",
          labels,
          each: 56,
          columns: count,
        },
      ),
      imageGrid(
        { data: maps, shape },
        { title: "The gradient of each logit: blue pixels look more real when darker", ...grid },
      ),
    ],
    real: average(logits.subarray(0, count)),
    made: average(logits.subarray(count, 2 * count)),
    noise: average(logits.subarray(2 * count)),
    onStrokes: shareOnStrokes(maps.subarray(0, 128 * count), values.subarray(0, 128 * count)),
  };
}

const average = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** The share of all gradient that is on pixels with ink, divided by the share of these pixels. */
function shareOnStrokes(maps: Float32Array, images: Float32Array): number {
  const strokes = images.map((v) => (v > -0.5 ? 1 : 0));
  const size = (i: number) => Math.abs(maps[i] as number);
  const [all, on] = maps.reduce(
    ([a, b], _, i) => [a + size(i), b + size(i) * (strokes[i] as number)],
    [0, 0],
  );
  return on / all / average(strokes);
}
