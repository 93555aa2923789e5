import { side } from "./program.ts";

/** A photograph out of focus: three means over 25 pixels, across and down, which is close to a Gaussian of 12 pixels. */
export function blurred(pixels: Float32Array, radius = 12): Float32Array {
  const along = [3, 3 * side] as const;
  let from = pixels;
  for (const [step, next] of [0, 1, 2].flatMap(() => [along, [along[1], along[0]] as const])) {
    const to = new Float32Array(from.length);
    for (let line = 0; line < side; line++)
      for (let color = 0; color < 3; color++) {
        const start = line * next + color;
        const value = (i: number) => from[start + i * step] ?? 0;
        let [total, count] = [0, 0];
        for (let i = 0; i < radius; i++) [total, count] = [total + value(i), count + 1];
        for (let i = 0; i < side; i++) {
          if (i + radius < side) [total, count] = [total + value(i + radius), count + 1];
          if (i > radius) [total, count] = [total - value(i - radius - 1), count - 1];
          to[start + i * step] = total / count;
        }
      }
    from = to;
  }
  return from;
}
