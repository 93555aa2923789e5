import { clip } from "./clip.ts";

/** A direction as rows and columns. */
export type Direction = readonly [rows: number, columns: number];

/** The cell that one reaches from a cell of a grid, numbered row by row; at the border one stays. */
export function gridMove(cell: number, [rows, columns]: Direction, height: number, width: number): number {
  const row = clip(Math.floor(cell / width) + rows, 0, height - 1);
  const column = clip((cell % width) + columns, 0, width - 1);
  return row * width + column;
}
