import type { Tensor } from "@tensorflow/tfjs-core";
import { colorScale } from "../src/draw/color-scale.ts";
import { heatmap } from "../src/draw/heatmap.ts";
import { overlay, type OverlayOptions } from "../src/draw/overlay.ts";
import { picture } from "../src/draw/picture.ts";
import { exampleOf, readValues, type Values } from "../src/draw/values.ts";
import type { Work } from "./lab.ts";

/** Reads a map of every number of a picture, summed over its colors, and frees it: `[height, width]`. */
export async function perPlace(map: Tensor): Promise<Values> {
  const { data, shape } = exampleOf(await readValues(map));
  map.dispose();
  const [height, width, colors] = shape as [number, number, number];
  const sums = new Float64Array(height * width);
  for (let i = 0; i < data.length; i++)
    sums[Math.floor(i / colors)] = (sums[Math.floor(i / colors)] as number) + (data[i] as number);
  return { data: sums, shape: [height, width] };
}

/** The numbers' sum. */
export const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);

/** The picture, the map over it, and the map alone on the same scale. */
export function besides(
  { pixels, subject }: Pick<Work, "pixels" | "subject">,
  map: Values,
  options: OverlayOptions,
): HTMLElement[] {
  const scale = colorScale(map.data, options);
  const seen = { data: pixels, shape: subject.shape };
  return [
    picture(seen, { title: "What the net sees", width: 224 }),
    overlay(seen, map, { ...options, scale, width: 224 }),
    heatmap(map, { ...options, title: "The map alone", scale, width: 224 }),
  ];
}
