import type { Image } from "@pellucid/core-train";
import type { Segments } from "./segment-image.ts";

/** A region of an image while regions are joined. */
export interface Region {
  /** How many pixels it has. */
  readonly size: number;
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  /** The share of its pixels in each of 25 intervals of each channel, over the number of channels. */
  readonly colors: Float64Array;
  /** The share of its pixels whose gradient is in each of 8 directions and 10 intervals of each channel. */
  readonly textures: Float64Array;
  readonly neighbors: Set<number>;
}

const [colorBins, directions, gradientBins] = [25, 8, 10];

/** The segments of an image as regions, with their neighbors. */
export function regionsOf(
  { data, shape: [height, width, channels] }: Image,
  { labels, count }: Segments,
): Region[] {
  const regions = Array.from({ length: count }, () => ({
    size: 0,
    box: [width, height, 0, 0] as [number, number, number, number],
    colors: new Float64Array(colorBins * channels),
    textures: new Float64Array(directions * gradientBins * channels),
    neighbors: new Set<number>(),
  }));
  const bin = (value: number, bins: number) => Math.min(Math.max(Math.floor(value * bins), 0), bins - 1);
  const color = (y: number, x: number, c: number) =>
    data[
      (Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)) * channels + c
    ] ?? NaN;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x] ?? NaN;
      const region = regions[label] as (typeof regions)[number];
      region.size++;
      region.box = [
        Math.min(region.box[0], x),
        Math.min(region.box[1], y),
        Math.max(region.box[2], x + 1),
        Math.max(region.box[3], y + 1),
      ];
      for (let c = 0; c < channels; c++) {
        add(region.colors, c * colorBins + bin(color(y, x, c), colorBins));
        const [right, down] = [
          (color(y, x + 1, c) - color(y, x - 1, c)) / 2,
          (color(y + 1, x, c) - color(y - 1, x, c)) / 2,
        ];
        const direction = bin((Math.atan2(down, right) + Math.PI) / (2 * Math.PI), directions);
        const strength = bin(2 * Math.hypot(right, down), gradientBins);
        add(region.textures, (c * directions + direction) * gradientBins + strength);
      }
      for (const [down, right] of [
        [0, 1],
        [1, 0],
        [1, 1],
        [1, -1],
      ] as const) {
        const [row, column] = [y + down, x + right];
        if (row >= height || column < 0 || column >= width) continue;
        const other = labels[row * width + column] ?? NaN;
        if (other === label) continue;
        region.neighbors.add(other);
        regions[other]?.neighbors.add(label);
      }
    }
  return regions.map(({ colors, textures, ...rest }) => ({
    ...rest,
    colors: colors.map((n) => n / (rest.size * channels)),
    textures: textures.map((n) => n / (rest.size * channels)),
  }));
}

function add(counts: Float64Array, at: number): void {
  counts[at] = (counts[at] ?? NaN) + 1;
}
