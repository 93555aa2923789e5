import type { ImageBox } from "./crop-image.ts";
import { type ImageFill, fillOf } from "./fill.ts";
import { type Image, sizesOf } from "./image.ts";
import { checkArguments } from "../check-arguments.ts";

/** An image with a rectangle in one color, torchvision's `erase`. What lies outside of the image is left out. */
export function eraseImage(image: Image, box: ImageBox, fill: ImageFill = 0): Image {
  checkArguments("eraseImage", { "{ top, left, height, width }": { box } });
  const { top, left, height, width } = box;
  const [rows, columns, channels] = sizesOf("eraseImage", image);
  const colors = fillOf("eraseImage", fill, channels);
  const data = image.data.slice();
  for (let y = Math.max(top, 0); y < Math.min(top + height, rows); y++) {
    for (let x = Math.max(left, 0); x < Math.min(left + width, columns); x++) {
      data.set(colors, (y * columns + x) * channels);
    }
  }
  return { data, shape: image.shape };
}
