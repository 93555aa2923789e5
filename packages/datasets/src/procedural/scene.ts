import type { Rng } from "@pellucid/core-train";
import type { ImageShape } from "../labeled-images.ts";
import type { HostArray } from "../rows.ts";
import { type Color, distance, drawColor } from "./color.ts";
import { coverage } from "./coverage.ts";
import { along, type Loop, outlines, type Outline, type Point, type ShapeClass } from "./outlines.ts";
import { texture } from "./texture.ts";
import { uniform } from "./draw.ts";

/** An image of shapes, and all that can be asked about it. */
export interface Scene {
  /** `[height, width, 3]`, from 0 to 1. */
  readonly image: HostArray<Float32Array, ImageShape>;
  /** `[object, 4]`: x1, y1, x2, y2 in pixels, around what can be seen; x2 and y2 are the edges after the last pixel. */
  readonly boxes: HostArray<Float32Array, readonly [number, 4]>;
  /** `[object]`: its index in the dataset's `classes`. */
  readonly labels: HostArray<Int32Array, readonly [number]>;
  /** `[object, height, width]`: 1 where this object can be seen. */
  readonly masks: HostArray<Uint8Array, readonly [number, number, number]>;
  /** `[height, width]`: 0 for the background, else the label of what can be seen there, plus 1. */
  readonly semantic: HostArray<Int32Array, readonly [number, number]>;
  /**
   * `[object, keypoint, 3]`: x and y in pixels, and 2 where it can be seen, 1 where another object hides it. They lie on the
   * border, equally far apart, clockwise from the corner that is topmost, or top left, where the shape stands upright. No
   * shape is turned so far that this could be another corner.
   */
  readonly keypoints: HostArray<Float32Array, readonly [number, number, 3]>;
}

/** What scenes are drawn by. */
export interface SceneSettings {
  readonly height: number;
  readonly width: number;
  /** How many objects, at least and at most. */
  readonly objects: readonly [least: number, most: number];
  readonly classes: readonly ShapeClass[];
  readonly keypoints: number;
  /** The share of each object that can be seen, at least. */
  readonly visible: number;
  readonly background: "plain" | "textured";
  readonly noise: number;
  readonly edges: "sharp" | "smooth";
  readonly contrast: "high" | "low";
  /** How far shapes may be turned, of what turns their first corner into the next. */
  readonly turn: number;
}

/** Number of attempts to position an object before it is left out. */
const TRIES = 20;

/** Colors nearer than this are hard to distinguish. */
const CONTRAST = 0.45;

/** From this coverage on, a pixel is an object's. */
const HALF = 0.5;

interface Placed {
  readonly label: number;
  readonly color: Color;
  readonly border: Loop;
  /** How much of each pixel it covers. */
  readonly cover: Float32Array;
  readonly area: number;
}

/** Draws a scene: background, objects from back to front, noise. */
export function drawScene(rng: Rng, settings: SceneSettings): Scene {
  const { height, width, objects, background, contrast, noise } = settings;
  const base = drawColor(rng, [0, 0.6], contrast === "high" ? [0.1, 0.4] : [0.1, 0.9]);
  const shade = base.map((channel) => channel + uniform(rng, -0.15, 0.15)) as [number, number, number];
  const colors: [Color, Color] = background === "plain" ? [base, base] : [base, shade];
  const { data } = texture({ rng, size: [height, width], colors });
  const placed: Placed[] = [];
  const owner = new Int32Array(height * width).fill(-1); // which object is seen at each pixel
  const [least, most] = objects;
  const wanted = least + (rng.uint32() % (most - least + 1));
  for (let tries = 0; placed.length < wanted && tries < TRIES;) {
    const object = positionObject(rng, settings, [base, ...placed.map(({ color }) => color)]);
    if (allVisible([...placed, object], owner, settings.visible)) {
      for (let pixel = 0; pixel < owner.length; pixel++)
        if (covers(object, pixel)) owner[pixel] = placed.length;
      placed.push(object);
      tries = 0;
    } else tries++;
  }
  for (const object of placed) paint(data, object);
  if (noise > 0) for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? NaN) + noise * bell(rng);
  for (let i = 0; i < data.length; i++) data[i] = Math.min(1, Math.max(0, data[i] ?? NaN));
  return describe(data, placed, owner, settings);
}

function positionObject(rng: Rng, settings: SceneSettings, taken: readonly Color[]): Placed {
  const { height, width, classes, contrast } = settings;
  const label = rng.uint32() % classes.length;
  const outline: Outline = outlines[classes[label] as ShapeClass];
  const side = Math.min(height, width);
  const radius = uniform(rng, 0.14, 0.28) * side;
  const turn = outline.turn * uniform(rng, -settings.turn, settings.turn);
  const center: Point = [uniform(rng, radius, width - radius), uniform(rng, radius, height - radius)];
  const loops = outline.loops.map((loop) => loop.map((point) => move(point, radius, turn, center)));
  const cover = coverage(loops, height, width);
  if (settings.edges === "sharp")
    for (let i = 0; i < cover.length; i++) cover[i] = Number((cover[i] ?? NaN) >= HALF);
  const area = cover.reduce((sum, share) => sum + (share >= HALF ? 1 : 0), 0);
  return { label, color: contrasting(rng, contrast, taken), border: loops[0] as Loop, cover, area };
}

/** Whether a pixel is the object's, in masks. */
function covers({ cover }: Placed, pixel: number): boolean {
  return (cover[pixel] ?? NaN) >= HALF;
}

function move([x, y]: Point, radius: number, turn: number, [left, top]: Point): Point {
  const [cos, sin] = [radius * Math.cos(turn), radius * Math.sin(turn)];
  return [left + x * cos - y * sin, top + x * sin + y * cos];
}

/** A bright color that is far from the others, as far as some draws find one. */
function contrasting(rng: Rng, contrast: "high" | "low", taken: readonly Color[]): Color {
  const draw = () => drawColor(rng, [0.6, 1], contrast === "high" ? [0.75, 1] : [0.5, 1]);
  const nearest = (color: Color) => Math.min(...taken.map((other) => distance(color, other)));
  let best = draw();
  for (let draws = 1; draws < 16 && nearest(best) < CONTRAST; draws++) {
    const color = draw();
    if (nearest(color) > nearest(best)) best = color;
  }
  return best;
}

/** Whether enough of each object would be seen with the last one in front of all. */
function allVisible(objects: readonly Placed[], owner: Int32Array, visible: number): boolean {
  const front = objects.at(-1) as Placed;
  const seen = objects.map(() => 0);
  for (let pixel = 0; pixel < owner.length; pixel++) {
    const object = covers(front, pixel) ? objects.length - 1 : (owner[pixel] ?? NaN);
    if (object !== -1) seen[object] = (seen[object] ?? NaN) + 1;
  }
  return objects.every(({ area }, i) => (seen[i] ?? NaN) >= visible * area);
}

function paint(image: Float32Array, { color, cover }: Placed): void {
  for (let pixel = 0; pixel < cover.length; pixel++) {
    const share = cover[pixel] ?? NaN;
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const at = 3 * pixel + channel;
      image[at] = (image[at] ?? NaN) * (1 - share) + (color[channel] ?? NaN) * share;
    }
  }
}

/** A number of mean 0 and deviation 1, bell-shaped enough for noise: the sum of four 8-bit numbers. */
function bell(rng: Rng): number {
  const bits = rng.uint32();
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}

function describe(
  data: Float32Array,
  placed: readonly Placed[],
  owner: Int32Array,
  { height, width, keypoints: count }: SceneSettings,
): Scene {
  const n = placed.length;
  const boxes = Float32Array.from(placed.flatMap(() => [width, height, 0, 0]));
  const masks = new Uint8Array(n * height * width);
  const semantic = new Int32Array(height * width);
  for (let pixel = 0; pixel < owner.length; pixel++) {
    const object = owner[pixel] ?? NaN;
    if (object === -1) continue;
    masks[object * height * width + pixel] = 1;
    semantic[pixel] = 1 + (placed[object] as Placed).label;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const at = 4 * object;
    boxes[at] = Math.min(boxes[at] ?? NaN, x);
    boxes[at + 1] = Math.min(boxes[at + 1] ?? NaN, y);
    boxes[at + 2] = Math.max(boxes[at + 2] ?? NaN, x + 1);
    boxes[at + 3] = Math.max(boxes[at + 3] ?? NaN, y + 1);
  }
  const keypoints = placed.flatMap(({ border }, object) =>
    along(border, count).flatMap(([x, y]) => [x, y, isHidden(x, y, object, placed, height, width) ? 1 : 2]),
  );
  return {
    image: { data, shape: [height, width, 3] },
    boxes: { data: boxes, shape: [n, 4] },
    labels: { data: Int32Array.from(placed, ({ label }) => label), shape: [n] },
    masks: { data: masks, shape: [n, height, width] },
    semantic: { data: semantic, shape: [height, width] },
    keypoints: { data: Float32Array.from(keypoints), shape: [n, count, 3] },
  };
}

/** Whether an object in front covers this point. */
function isHidden(
  x: number,
  y: number,
  object: number,
  placed: readonly Placed[],
  height: number,
  width: number,
): boolean {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)));
  return placed.slice(object + 1).some((front) => covers(front, row * width + column));
}
