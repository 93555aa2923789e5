import type { Rng } from "@pellucid/core-train";
import { uniform } from "./draw.ts";

/** Red, green and blue from 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number];

/** A color of any hue. */
export function drawColor(
  rng: Rng,
  saturation: readonly [number, number],
  value: readonly [number, number],
): Color {
  const hue = uniform(rng, 0, 6);
  const s = uniform(rng, ...saturation);
  const v = uniform(rng, ...value);
  const channel = (shift: number) => {
    const k = (shift + hue) % 6;
    return v - v * s * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** How far apart two colors are, from 0 to √3. */
export function distance(a: Color, b: Color): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
