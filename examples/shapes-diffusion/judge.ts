/** What is drawn on a plain ground, by how much of its height times its width it fills: a square all, a circle π / 4, an upright triangle half. */
export function shapeOf(picture: Float32Array, size: number): "circle" | "square" | "triangle" {
  const fill = fillOf(picture, size);
  if (fill > 0.89) return "square";
  return fill > 0.64 ? "circle" : "triangle";
}

/** How much of its height times its width a shape fills. */
export function fillOf(picture: Float32Array, size: number): number {
  const pixels = Array.from({ length: size * size }, (_, i) => [...picture.subarray(3 * i, 3 * i + 3)]);
  const ground = [0, 1, 2].map((c) => middle(pixels.map((pixel) => pixel[c] ?? NaN)));
  const away = pixels.map((pixel) => pixel.map((value, c) => value - (ground[c] ?? NaN)));
  const far = away.map((off) => Math.hypot(...off));
  const farthest = Math.max(...far);
  const inside = away.filter((_, i) => (far[i] ?? NaN) > 0.8 * farthest);
  const color = [0, 1, 2].map((c) => inside.reduce((sum, off) => sum + (off[c] ?? NaN), 0) / inside.length);
  const length = dot(color, color);
  const cover = away.map((off) => Math.min(1, Math.max(0, dot(off, color) / length)));
  const solid = cover.map((share) => (share < 0.15 ? 0 : share));
  const sums = (along: (i: number) => number) => {
    const total = new Array<number>(size).fill(0);
    for (const [i, share] of solid.entries()) total[along(i)] = (total[along(i)] ?? NaN) + share;
    return Math.max(...total);
  };
  const [height, width] = [sums((i) => i % size), sums((i) => Math.floor(i / size))];
  return solid.reduce((sum, share) => sum + share, 0) / (height * width);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
