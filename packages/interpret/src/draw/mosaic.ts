import { OptionError } from "@pellucid/core-train";
import { largestOf } from "../run/largest-of.ts";
import { checkColors, checkDrawn } from "./check-drawn.ts";
import { picture, type PictureOptions } from "./picture.ts";
import type { Values } from "./values.ts";

/** A cell of a grid, counted from 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/**
 * Pictures in cells of a grid, with black where there is none: an activation atlas, or pictures laid out by a map of them.
 *
 * @param images `[picture, height, width, color]` from 0 to 1, with one color or three
 * @param cells where each picture stands
 */
export function mosaic(images: Values, cells: readonly Cell[], options: PictureOptions): HTMLElement {
  const [count, height, width, colors] = checkDrawn("mosaic", images, [
    "picture",
    "height",
    "width",
    "color",
  ]) as [number, number, number, number];
  if (cells.length !== count)
    throw new OptionError("mosaic", "cells", cells.length, `${count}, one a picture`);
  checkColors("mosaic", images);
  const rows = 1 + largestOf(cells.map(({ row }) => row));
  const columns = 1 + largestOf(cells.map(({ column }) => column));
  const [high, wide] = [rows * (height + 1) - 1, columns * (width + 1) - 1]; // a line of one pixel between cells
  const data = new Float32Array(high * wide * colors);
  cells.forEach(({ row, column }, i) => {
    for (let y = 0; y < height; y++)
      for (let at = 0; at < width * colors; at++) {
        const to = ((row * (height + 1) + y) * wide + column * (width + 1)) * colors + at;
        data[to] = images.data[(i * height + y) * width * colors + at] ?? NaN;
      }
  });
  return picture({ data, shape: [high, wide, colors] }, options);
}
