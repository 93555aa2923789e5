import type { Image } from "./image.ts";

/** Mixes an image with other colors and cuts them off at 0 and 1. @param other the color at each place of the data */
export function blend(image: Image, factor: number, other: (i: number) => number): Image {
  const mixed = (x: number, i: number) => Math.min(Math.max(x * factor + other(i) * (1 - factor), 0), 1);
  return { data: image.data.map(mixed), shape: image.shape };
}
