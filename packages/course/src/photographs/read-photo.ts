import { side } from "./program.ts";

/** The middle of a picture, 224 × 224 colors from 0 to 1. */
export async function readPhoto(source: Blob | string): Promise<Float32Array> {
  const blob = typeof source === "string" ? await (await fetch(source)).blob() : source;
  const picture = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser gives no 2D canvas to read a picture with.");
  const cut = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - cut) / 2, (picture.height - cut) / 2];
  context.drawImage(picture, left, top, cut, cut, 0, 0, side, side);
  picture.close();
  const { data } = context.getImageData(0, 0, side, side);
  return Float32Array.from(
    { length: 3 * side * side },
    (_, i) => (data[4 * Math.floor(i / 3) + (i % 3)] ?? 0) / 255,
  );
}
