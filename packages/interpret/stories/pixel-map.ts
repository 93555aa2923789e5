import type { Tensor } from "@tensorflow/tfjs-core";
import { colorScale } from "../src/draw/color-scale.ts";
import { heatmap } from "../src/draw/heatmap.ts";
import { overlay, type OverlayOptions } from "../src/draw/overlay.ts";
import { exampleOf, readValues, type Values } from "../src/draw/values.ts";

/** Reads a map of every number of an 8×8 picture, frees it, and lays it over the picture. */
export async function pixelMap(
  pixels: Float32Array,
  map: Tensor,
  options: OverlayOptions,
): Promise<{ readonly pictures: HTMLElement[]; readonly values: ArrayLike<number> }> {
  const values = exampleOf(await readValues(map)).data;
  map.dispose();
  return { pictures: besides(pixels, { data: values, shape: [8, 8] }, options), values };
}

/** The numbers' sum. */
export const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);

/** The picture, the map over it, and the map alone on the same scale. */
export function besides(pixels: Float32Array, map: Values, options: OverlayOptions): HTMLElement[] {
  const scale = colorScale(map.data, options);
  const picture = { data: pixels, shape: [8, 8] };
  return [
    heatmap(picture, { title: "What the net sees", width: 200, colors: "gray" }),
    overlay({ data: pixels, shape: [8, 8, 1] }, map, { ...options, scale, width: 200 }),
    heatmap(map, { ...options, title: "The map alone", scale, width: 200 }),
  ];
}
