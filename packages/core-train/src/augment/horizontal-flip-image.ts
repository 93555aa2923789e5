import { type Image, sizesOf } from "./image.ts";

/** The image in a mirror: left is right. */
export function horizontalFlipImage(image: Image): Image {
  const [height, width, channels] = sizesOf("horizontalFlipImage", image);
  const data = new Float32Array(image.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = image.data[from + c] ?? NaN;
    }
  }
  return { data, shape: image.shape };
}
