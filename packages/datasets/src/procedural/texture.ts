import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import type { ImageShape } from "../labeled-images.ts";
import type { HostArray } from "../rows.ts";
import { type Color, drawColor } from "./color.ts";
import { oneOf, uniform } from "./draw.ts";

/** The kinds of texture. */
export const textures = ["plain", "stripes", "checker", "dots", "waves", "clouds"] as const;

/** A kind of texture: `stripes`, `clouds`, … */
export type TextureKind = (typeof textures)[number];

export interface TextureOptions {
  /** Where kind, colors, scale and direction come from. */
  readonly rng: Rng;
  /** Pixels: a square's side, or height and width. Default: 64. */
  readonly size?: number | readonly [height: number, width: number];
  /** Default: drawn. */
  readonly kind?: TextureKind;
  /** The two colors between which it varies. Default: drawn. */
  readonly colors?: readonly [Color, Color];
}

/**
 * A texture of two colors: a background, or the style in a transfer of style.
 *
 * @returns `[height, width, 3]`, from 0 to 1
 */
export function texture(options: TextureOptions): HostArray<Float32Array, ImageShape> {
  checkOptions("texture", options, ["rng", "size", "kind", "colors"]);
  checkRng("texture", options);
  const { rng, size = 64, kind = oneOf(rng, textures) } = options;
  const { colors = [drawColor(rng, [0.3, 1], [0.2, 0.5]), drawColor(rng, [0.3, 1], [0.6, 1])] } = options;
  const [height, width] = typeof size === "number" ? [size, size] : size;
  const mixAt = patterns[kind](rng, Math.min(height, width));
  const [from, to] = colors;
  const data = new Float32Array(height * width * 3);
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const mix = mixAt(x, y);
      for (let channel = 0; channel < 3; channel++)
        data[at++] = (from[channel] ?? NaN) * (1 - mix) + (to[channel] ?? NaN) * mix;
    }
  return { data, shape: [height, width, 3] };
}

/** How much of the second color there is at a pixel, from 0 to 1. */
type Pattern = (x: number, y: number) => number;

/** A pattern of random direction and scale, for an image of `size` pixels. */
const patterns: Readonly<Record<TextureKind, (rng: Rng, size: number) => Pattern>> = {
  plain(rng) {
    const mix = uniform(rng, 0, 1);
    return () => mix;
  },
  stripes(rng, size) {
    const across = direction(rng, size);
    return (x, y) => smooth(Math.sin(across(x, y)) * 3);
  },
  checker(rng, size) {
    const across = direction(rng, size);
    const along = turned(across);
    return (x, y) => smooth(Math.sin(across(x, y)) * Math.sin(along(x, y)) * 6);
  },
  dots(rng, size) {
    const across = direction(rng, size);
    const along = turned(across);
    return (x, y) => smooth((Math.sin(across(x, y)) + Math.sin(along(x, y)) - 0.8) * 4);
  },
  waves(rng, size) {
    const across = direction(rng, size);
    const along = turned(across);
    const bend = uniform(rng, 0.5, 2);
    return (x, y) => 0.5 + 0.5 * Math.sin(across(x, y) + bend * Math.sin(along(x, y) / 2));
  },
  clouds(rng, size) {
    const [large, small] = [noise(rng, size / uniform(rng, 2, 4)), noise(rng, size / uniform(rng, 6, 10))];
    return (x, y) => (2 * large(x, y) + small(x, y)) / 3;
  },
};

interface Phase extends Pattern {
  readonly cos: number;
  readonly sin: number;
}

/** The phase of a wave that runs in a random direction, 3 to 8 times over the image. */
function direction(rng: Rng, size: number): Phase {
  const angle = uniform(rng, 0, Math.PI);
  const frequency = (2 * Math.PI * uniform(rng, 3, 8)) / size;
  const shift = uniform(rng, 0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(angle) * frequency, Math.sin(angle) * frequency];
  return Object.assign((x: number, y: number) => x * cos + y * sin + shift, { cos, sin });
}

/** The wave at right angles. */
function turned({ cos, sin }: Phase): Pattern {
  return (x, y) => y * cos - x * sin;
}

function smooth(value: number): number {
  return 1 / (1 + Math.exp(-2 * value));
}

/** Random numbers on a grid of this step, smoothly joined. */
function noise(rng: Rng, step: number): Pattern {
  const side = 16; // the grid repeats; no image shows that much of it
  const grid = Float32Array.from({ length: side * side }, () => uniform(rng, 0, 1));
  const node = (x: number, y: number) => grid[(y % side) * side + (x % side)] ?? NaN;
  return (x, y) => {
    const [gx, gy] = [x / step, y / step];
    const [left, top] = [Math.floor(gx), Math.floor(gy)];
    const [u, v] = [ease(gx - left), ease(gy - top)];
    const upper = node(left, top) * (1 - u) + node(left + 1, top) * u;
    const lower = node(left, top + 1) * (1 - u) + node(left + 1, top + 1) * u;
    return upper * (1 - v) + lower * v;
  };
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
