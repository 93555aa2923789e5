import { checkArguments, checkPositive, checkSizeArray, checkSizes, OptionError } from "@pellucid/core-train";
import type { BoxSize } from "./anchors-by-k-means.ts";

/** One map of a detector with anchors. */
export interface AnchorMap {
  /** Pixels between two cells. */
  readonly stride: number;
  /** Width and height of the anchors of each cell, in pixels. */
  readonly anchors: readonly BoxSize[];
}

/** All anchors of an image: maps in order, rows first, the anchors of a cell fastest. */
export interface AnchorGrid {
  /** `x, y` of the upper left corner of the cell, and its side, of each anchor. */
  readonly cells: readonly (readonly [x: number, y: number, stride: number])[];
  readonly sizes: readonly BoxSize[];
}

/** The anchors of an image of a size. */
export function anchorGrid(
  caller: string,
  size: readonly [height: number, width: number],
  maps: readonly AnchorMap[],
): AnchorGrid {
  checkSizeArray(caller, "imageSize", size, 2);
  const [height, width] = size;
  checkArguments(caller, { "{ stride, anchors }[]": { maps } });
  if (maps.length === 0) throw new OptionError(caller, "maps", "empty", "the anchors of at least one map");
  const all = maps.flatMap(({ stride, anchors }) => {
    checkSizes(caller, { stride });
    for (const [anchorWidth, anchorHeight] of anchors) checkPositive(caller, { anchorWidth, anchorHeight });
    const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    return Array.from({ length: rows * columns }, (_, i) =>
      anchors.map((size) => ({
        cell: [(i % columns) * stride, Math.floor(i / columns) * stride, stride] as const,
        size,
      })),
    ).flat();
  });
  return { cells: all.map(({ cell }) => cell), sizes: all.map(({ size }) => size) };
}
