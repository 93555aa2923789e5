import {
  colorScale,
  exampleOf,
  heatmap,
  overlay,
  type OverlayOptions,
  picture,
  readValues,
  type Values,
} from "@pellucid/interpret/draw";
import { mean, sum, type Tensor } from "@tensorflow/tfjs-core";

/** Reads an attribution `[1, height, width, color]`, summed over its colors or their mean, and frees it: `[height, width]`. */
export async function perPixel(attribution: Tensor, over: "sum" | "mean" = "sum"): Promise<Values> {
  const pixels = over === "sum" ? sum(attribution, 3) : mean(attribution, 3);
  attribution.dispose();
  const values = exampleOf(await readValues(pixels));
  pixels.dispose();
  return values;
}

/** The input, the map laid over it, and the map alone on the same scale. */
export function attributionPictures(input: Values, map: Values, options: OverlayOptions): HTMLElement[] {
  const scale = colorScale(map.data, options);
  return [
    picture(input, { title: "Input", width: 224 }),
    overlay(input, map, { ...options, scale, width: 224 }),
    heatmap(map, { ...options, title: "Heat map only", scale, width: 224 }),
  ];
}
