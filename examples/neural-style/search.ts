import { Rng } from "@pellucid/core-train";
import { optimizeImage } from "@pellucid/interpret";
import type { Picture } from "./clip.ts";
import { batchOfOne, distanceFrom, type Eye, lossOf } from "./eye.ts";

interface Search {
  readonly eye: Eye;
  /** Each with its share; they sum up to 1. */
  readonly styles: readonly (readonly [Picture, number])[];
  readonly steps?: number;
  readonly styleWeight?: number;
  /** `"noise"` of this seed, or the picture itself. Default: the picture. */
  readonly noise?: number;
}

/** The picture in one or several styles, searched by gradient descent on its pixels, as Gatys, Ecker and Bethge do. */
export async function search(
  picture: Picture,
  { eye, styles, steps = 150, styleWeight = 1, noise }: Search,
): Promise<Picture> {
  const style = distanceFrom(eye, styles, picture, styleWeight);
  const { loss, dispose } = lossOf(eye, style, picture);
  const { height, width } = picture;
  const own = batchOfOne(picture);
  const start = noise === undefined ? own : ([1, height, width, 3] as const);
  const rng = new Rng(noise ?? 0);
  const found = await optimizeImage(loss, { rng, start, steps, learningRate: 0.1, bounded: true });
  const data = Float32Array.from(await found.data());
  for (const held of [own, found, style]) held.dispose();
  dispose();
  return { data, height, width };
}
