import type { ColorName } from "./tokens.ts";

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A token's color as it is at an element, in its theme. */
export function colorAt(element: Element, name: ColorName): Rgb {
  const probe = document.createElement("i");
  probe.style.setProperty("forced-color-adjust", "none"); // high contrast answers one color for all, and signs would be lost
  probe.style.color = `var(--${name})`;
  (element.shadowRoot ?? element).append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return [red, green, blue];
}

/** A rectangle of numbers within a larger array. */
export interface Grid {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** The index of the first number. Default: 0. */
  readonly from?: number;
  /** The distance to the next number. Default: 1. */
  readonly every?: number;
}

/** Paints each number as color with alpha over whatever is below the canvas. */
export function paintCells(
  canvas: HTMLCanvasElement,
  height: number,
  width: number,
  color: (i: number) => readonly [number, number, number, number],
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const picture = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) picture.data.set(color(i), 4 * i);
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
}

/** Signed numbers: the further from 0, the more color; 0 is the ground itself. `reach` has full color. */
export function paintSigned(
  canvas: HTMLCanvasElement,
  { values, height, width, from = 0, every = 1 }: Grid,
  reach: number,
  [plus, minus]: readonly [Rgb, Rgb],
): void {
  paintCells(canvas, height, width, (i) => {
    const v = (values[from + i * every] ?? 0) / (reach || 1);
    const [r, g, b] = v < 0 ? minus : plus;
    return [r, g, b, 255 * Math.min(1, Math.abs(v))];
  });
}

/** Ink from 0 to 1. */
export function paintInk(
  canvas: HTMLCanvasElement,
  { values, height, width, from = 0, every = 1 }: Grid,
  [r, g, b]: Rgb,
): void {
  paintCells(canvas, height, width, (i) => [
    r,
    g,
    b,
    255 * Math.min(1, Math.max(0, values[from + i * every] ?? 0)),
  ]);
}

/** A signed map in color over a pale drawing of the same size. */
export function paintOver(
  canvas: HTMLCanvasElement,
  ink: ArrayLike<number>,
  map: Grid,
  reach: number,
  [plus, minus, dark]: readonly [Rgb, Rgb, Rgb],
): void {
  paintCells(canvas, map.height, map.width, (i) => {
    const v = (map.values[i] ?? 0) / (reach || 1);
    const top = Math.min(1, Math.abs(v));
    const below = 0.22 * Math.min(1, Math.max(0, ink[i] ?? 0)) * (1 - top);
    const alpha = top + below;
    const color = v < 0 ? minus : plus;
    const mix = (c: 0 | 1 | 2) => (color[c] * top + dark[c] * below) / (alpha || 1);
    return [mix(0), mix(1), mix(2), 255 * alpha];
  });
}

/** The largest absolute value. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] ?? 0));
  return most;
}

/** A signed number's color in CSS, over the ground. */
export function signedColor(value: number, reach: number): string {
  const share = Math.round(100 * Math.min(1, Math.abs(value) / (reach || 1)));
  return `color-mix(in srgb, var(--${value < 0 ? "minus" : "plus"}) ${share}%, transparent)`;
}
