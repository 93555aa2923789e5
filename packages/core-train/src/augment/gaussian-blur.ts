import { reflect } from "./pad-image.ts";

/**
 * Blurs numbers along the middle axis with a bell of `size` weights, `[outer, length, inner]` -> the same shape. At the ends
 * they are mirrored.
 */
export function gaussianBlur(
  data: Float32Array,
  outer: number,
  length: number,
  inner: number,
  size: number,
  sigma: number,
): Float32Array {
  const radius = size >> 1;
  const bell = Float64Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = bell.reduce((sum, weight) => sum + weight, 0);
  const result = new Float32Array(data.length);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < inner; k++) {
        let sum = 0;
        for (const [j, weight] of bell.entries()) {
          const from = reflect(i + j - radius, length, false);
          sum += weight * (data[(o * length + from) * inner + k] ?? NaN);
        }
        result[(o * length + i) * inner + k] = sum / total;
      }
    }
  }
  return result;
}
