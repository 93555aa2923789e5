import { type ImageSize, heightAndWidth } from "./image-size.ts";
import { type Image, sizesOf } from "./image.ts";

/**
 * An image in another size, torchvision's `resize` with `antialias=True`: each pixel is a mean over all that it covers, with
 * weights that fall linearly from its center.
 */
export function resizeImage(image: Image, size: ImageSize): Image {
  const [height, width] = heightAndWidth("resizeImage", size);
  const [rows, columns, channels] = sizesOf("resizeImage", image);
  if (rows === height && columns === width) return image;
  const wide = resample(image.data, rows, columns, width, channels); //              [row, width, channel]
  const data = resample(wide, 1, rows, height, width * channels); //                 [height, width, channel]
  return { data, shape: [height, width, channels] };
}

/** Resizes the middle axis: `[outer, from, inner]` -> `[outer, to, inner]`. */
function resample(data: Float32Array, outer: number, from: number, to: number, inner: number): Float32Array {
  if (from === to) return data;
  const result = new Float32Array(outer * to * inner);
  for (let i = 0; i < to; i++) {
    const { first, weights } = window(i, from, to);
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        let sum = 0;
        for (const [j, weight] of weights.entries()) {
          sum += weight * (data[(o * from + first + j) * inner + k] ?? NaN);
        }
        result[(o * to + i) * inner + k] = sum;
      }
    }
  }
  return result;
}

/** The pixels of `from` that pixel `i` of `to` is made of. */
function window(i: number, from: number, to: number): { first: number; weights: Float64Array } {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const center = scale * (i + 0.5);
  const first = Math.max(Math.trunc(center - reach + 0.5), 0);
  const end = Math.min(Math.trunc(center + reach + 0.5), from);
  const weights = Float64Array.from({ length: end - first }, (_, j) =>
    Math.max(1 - Math.abs((first + j + 0.5 - center) / reach), 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: weights.map((weight) => weight / total) };
}
