import { html } from "./element-of.ts";
import type { CellGrid } from "./link-drawings.ts";
import type { Cell } from "./mosaic.ts";

/** A frame over a drawing, on one cell of a grid. */
export interface CellMark {
  readonly element: HTMLElement;
  /** Shows it on a cell, or not at all. */
  readonly show: (cell: Cell | null, grid: CellGrid) => void;
}

/** Makes a frame for what is in the same box as a drawing. */
export function cellMark(): CellMark {
  const element = html("div", {
    style:
      "position:absolute;box-sizing:border-box;outline:2px solid #fff;box-shadow:0 0 0 3px #000;pointer-events:none;display:none",
  });
  const show: CellMark["show"] = (cell, { rows, columns }) => {
    const at = (n: number, of: number) => `${(100 * n) / of}%`;
    if (cell === null) element.style.display = "none";
    else
      Object.assign(element.style, {
        display: "block",
        left: at(cell.column, columns),
        top: at(cell.row, rows),
        width: at(1, columns),
        height: at(1, rows),
      });
  };
  return { element, show };
}
