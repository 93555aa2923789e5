import type { NodeName } from "./node-name.ts";

/** Where to draw each node: as a rule both numbers are from −1 to 1. */
export type Layout = Map<NodeName, [x: number, y: number]>;

/** Moves points so that their mean is the center, and scales them so that the largest coordinate is `scale`, as networkx's `rescale_layout`. */
export function rescaled(
  points: readonly (readonly [number, number])[],
  scale: number,
  center: readonly [number, number],
): [number, number][] {
  const mean = [0, 1].map((axis) => points.reduce((sum, p) => sum + (p[axis] ?? NaN), 0) / points.length);
  const moved = points.map(([x, y]) => [x - (mean[0] ?? NaN), y - (mean[1] ?? NaN)] as const);
  const limit = moved.reduce((most, [x, y]) => Math.max(most, Math.abs(x), Math.abs(y)), 0);
  const factor = limit > 0 ? scale / limit : 1;
  return moved.map(([x, y]) => [x * factor + center[0], y * factor + center[1]]);
}
