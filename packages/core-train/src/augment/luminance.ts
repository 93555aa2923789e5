import type { Image } from "./image.ts";

const weights = [0.2989, 0.587, 0.114];

/** How bright each pixel is, `[height · width]`: torchvision's `rgb_to_grayscale`. @param image in red, green and blue */
export function luminance({ data }: Image): Float32Array {
  return Float32Array.from({ length: data.length / 3 }, (_, i) =>
    weights.reduce((sum, weight, c) => sum + weight * (data[3 * i + c] ?? NaN), 0),
  );
}
