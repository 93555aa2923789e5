/** What is drawn on a plain ground: an upright triangle widens downwards; a square fills its height times its width, a circle π / 4 of it. */
export function shapeOf(picture: Float32Array, size: number): "circle" | "square" | "triangle" {
  const { fill, skew } = measuresOf(picture, size);
  if (fill > 0.93) return "square";
  return skew < -0.13 ? "triangle" : "circle"; // −0.57 where the width grows evenly from 0
}

/** How much of its height times its width a shape fills, and the skewness of its rows: below 0 where it widens downwards. */
export function measuresOf(
  picture: Float32Array,
  size: number,
): { readonly fill: number; readonly skew: number } {
  const pixels = Array.from({ length: size * size }, (_, i) => [...picture.subarray(3 * i, 3 * i + 3)]);
  const isEdge = (i: number) => [i % size, Math.floor(i / size)].some((at) => at % (size - 1) === 0);
  const edge = pixels.filter((_, i) => isEdge(i)); // a large circle fills more than half of a picture, but not of its edge
  const ground = [0, 1, 2].map((c) => middle(edge.map((pixel) => pixel[c] ?? NaN)));
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
    return total;
  };
  const [columns, rows] = [sums((i) => i % size), sums((i) => Math.floor(i / size))];
  const area = solid.reduce((sum, share) => sum + share, 0);
  const center = rows.reduce((sum, width, y) => sum + width * y, 0) / area;
  const power = (n: number) => rows.reduce((sum, width, y) => sum + width * (y - center) ** n, 0) / area;
  return { fill: area / (Math.max(...columns) * Math.max(...rows)), skew: power(3) / power(2) ** 1.5 };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
