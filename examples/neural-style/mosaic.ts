import { Rng } from "@pellucid/core-train";
import type { Picture } from "./clip.ts";

const colors = [
  [0.93, 0.74, 0.16],
  [0.86, 0.27, 0.17],
  [0.13, 0.37, 0.66],
  [0.94, 0.92, 0.84],
  [0.15, 0.55, 0.47],
] as const;

/** Glass of five colors with dark lines: a style that needs no file. */
export function mosaic(size = 112, cell = 9, seed = 0): Picture {
  const rng = new Rng(seed);
  const count = Math.round((size / cell) ** 2);
  const x = rng.rand([count]).data.map((u) => u * size);
  const y = rng.rand([count]).data.map((u) => u * size);
  const tint = rng.randint(0, colors.length, [count]).data;
  const data = new Float32Array(size * size * 3);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const far = Array.from(x, (left, i) => Math.hypot(left - column, (y[i] ?? NaN) - row));
      const near = far.indexOf(Math.min(...far));
      const own = far[near] ?? NaN;
      const next = Math.min(...far.filter((_, i) => i !== near));
      const light = Math.min(1, Math.max(0.08, (next - own) / 2)); // dark where two cells meet
      const color = colors[tint[near] ?? 0] ?? colors[0];
      data.set(
        color.map((channel) => channel * light),
        3 * (row * size + column),
      );
    }
  return { data, height: size, width: size };
}
