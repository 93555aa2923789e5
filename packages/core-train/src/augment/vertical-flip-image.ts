import { type Image, sizesOf } from "./image.ts";

/** The image upside down, as in water. */
export function verticalFlipImage(image: Image): Image {
  const [height, width, channels] = sizesOf("verticalFlipImage", image);
  const row = width * channels;
  const data = new Float32Array(image.data.length);
  for (let y = 0; y < height; y++) {
    const from = (height - 1 - y) * row;
    data.set(image.data.subarray(from, from + row), y * row);
  }
  return { data, shape: image.shape };
}
