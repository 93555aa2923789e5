import { mean, sum, type Tensor } from "@tensorflow/tfjs-core";
import { colorScale } from "../src/draw/color-scale.ts";
import { heatmap } from "../src/draw/heatmap.ts";
import { overlay, type OverlayOptions } from "../src/draw/overlay.ts";
import { picture } from "../src/draw/picture.ts";
import { exampleOf, readValues, type Values } from "../src/draw/values.ts";
import type { Work } from "./lab.ts";

/** Reads a map of every number of a picture, summed over its colors or their mean, and frees it: `[height, width]`. */
export async function perPixel(map: Tensor, over: "sum" | "mean" = "sum"): Promise<Values> {
  const pixels = over === "sum" ? sum(map, 3) : mean(map, 3);
  map.dispose();
  const values = exampleOf(await readValues(pixels));
  pixels.dispose();
  return values;
}

/** The TypeScript that lays such a map on the picture. */
export const mapCode = (
  imports: string,
  map: string,
  { title, opacity = 1, over = "sum" }: { title: string; opacity?: number; over?: "sum" | "mean" },
) => `${imports}
import { exampleOf, overlay, readValues } from "@pellucid/interpret/draw";
import { ${over} } from "@tensorflow/tfjs-core";
${map}
const pixels = exampleOf(await readValues(${over}(map, 3))); // one number for each pixel
const options = { title: "${title}", signed: true, opacity: ${opacity}, width: 224 };
document.body.append(overlay(image, pixels, options));`;

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
