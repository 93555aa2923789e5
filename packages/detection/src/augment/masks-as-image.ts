import type { Image } from "@pellucid/core-train";
import type { Scene } from "./scene.ts";

type Masks = NonNullable<Scene["masks"]>;

/** Masks as the channels of one image. */
export function masksAsImage({ data, shape: [objects, height, width] }: Masks): Image {
  const pixels = height * width;
  const channels = new Float32Array(data.length);
  for (let o = 0; o < objects; o++)
    for (let p = 0; p < pixels; p++) channels[p * objects + o] = data[o * pixels + p] ?? NaN;
  return { data: channels, shape: [height, width, objects] };
}

/** The inverse of {@link masksAsImage}. */
export function masksOfImage({ data, shape: [height, width, objects] }: Image): Masks {
  const pixels = height * width;
  const masks = new Uint8Array(data.length);
  for (let o = 0; o < objects; o++)
    for (let p = 0; p < pixels; p++) masks[o * pixels + p] = data[p * objects + o] ?? NaN;
  return { data: masks, shape: [objects, height, width] };
}
